"""Who hears what of a jury's work: counts and states, never a mark, a name or a decision."""

from datetime import datetime

from hackathon.core import live
from hackathon.editions.live import jury_audience
from hackathon.editions.models import Department, Edition
from judging.models import Juror


def client_audience(department_pk: int) -> str:
    """The representatives of the client in the jury of a department."""
    return f"client:{department_pk}"


def sheet_progressed(juror: Juror, *, done: int, total: int, at: datetime) -> None:
    """A juror began, finished or reopened a sheet: `done` of `total` are finished."""
    department = juror.department
    data = {"department": department.code, "juror": juror.pk, "done": done, "total": total}
    live.publish(_concerned(department), "sheet.progressed", data, at=at)


def jury_changed(department: Department, *, at: datetime) -> None:
    """Somebody took or left a seat, or criteria changed: a hint, pages fetch again."""
    live.publish(_concerned(department), "jury.changed", {"department": department.code}, at=at)


def deliberation_locked(department: Department, digest: str, *, at: datetime) -> None:
    """A jury has decided: the digest of its envelope, for everybody. What, is not said."""
    data = {"department": department.code, "digest": digest}
    audiences = live.EVERYONE if department.edition.is_current else _concerned(department)
    live.publish(audiences, "deliberation.locked", data, at=at)


def ceremony_moved(edition: Edition, *, at: datetime) -> None:
    """Another step is on the screens of the ceremony: a hint that says nothing of it."""
    if edition.is_current:
        live.publish(live.EVERYONE, "ceremony.moved", {}, at=at)


def deliberation_opened(department: Department, *, at: datetime) -> None:
    """The jury may read the decision and sign it."""
    data = {"department": department.code}
    live.publish(jury_audience(department.pk), "deliberation.opened", data, at=at)


def deliberation_closed(department: Department, *, at: datetime) -> None:
    """The decision is being changed: what was signed of it is signed no more."""
    data = {"department": department.code}
    live.publish(jury_audience(department.pk), "deliberation.closed", data, at=at)


def deliberation_signed(department: Department, *, signed: int, jurors: int, at: datetime) -> None:
    """`signed` of so many jurors have signed."""
    data = {"department": department.code, "signed": signed, "jurors": jurors}
    live.publish(jury_audience(department.pk), "deliberation.signed", data, at=at)


def deliberation_reopened(department: Department, *, at: datetime) -> None:
    """A jury meets again: for everybody, that the digest it announced counts no more."""
    data = {"department": department.code}
    audiences = live.EVERYONE if department.edition.is_current else _concerned(department)
    live.publish(audiences, "deliberation.reopened", data, at=at)


def results_published(*, at: datetime) -> None:
    """Everybody may read the results now: a hint, pages fetch them."""
    live.publish(live.EVERYONE, "results.published", {}, at=at)


def _concerned(department: Department) -> tuple[str, ...]:
    return live.ORGANIZERS, jury_audience(department.pk)
