"""Live messages of the juries. They must reveal no mark, name or decision."""

from collections.abc import Iterable
from datetime import datetime

from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS, jury_audience, team_audience
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror


def sheet_progressed(juror: Juror, *, done: int, total: int, at: datetime) -> None:
    department = juror.department
    data = {"department": department.code, "juror": juror.pk, "done": done, "total": total}
    messages.publish(_organizers_and_jury(department), "sheet.progressed", data, at=at)


def jury_changed(department: Department, *, at: datetime) -> None:
    messages.publish(
        _organizers_and_jury(department), "jury.changed", {"department": department.code}, at=at
    )


def juror_reminded(juror: Juror, *, completes: bool = False, at: datetime) -> None:
    """`completes`: finished sheets lack remarks. Otherwise sheets are to be finished."""
    data = {"department": juror.department.code, "juror": juror.pk, "completes": completes}
    messages.publish(_organizers_and_jury(juror.department), "juror.reminded", data, at=at)


def deliberation_locked(
    department: Department, digest: str, *, nominees: bool = False, at: datetime
) -> None:
    """Sent to everybody: the digest of the envelope, of the winners or of the `nominees`."""
    data = {"department": department.code, "digest": digest}
    audiences = EVERYONE if department.edition.is_current else _organizers_and_jury(department)
    if nominees:
        messages.publish(audiences, "deliberation.nominated", data, at=at)
    else:
        messages.publish(audiences, "deliberation.locked", data, at=at)


def ceremony_moved(edition: Edition, *, at: datetime) -> None:
    if edition.is_current:
        messages.publish(EVERYONE, "ceremony.moved", {}, at=at)


def deliberation_opened(department: Department, *, at: datetime) -> None:
    data = {"department": department.code}
    messages.publish(jury_audience(department.pk), "deliberation.opened", data, at=at)


def deliberation_closed(department: Department, *, at: datetime) -> None:
    data = {"department": department.code}
    messages.publish(jury_audience(department.pk), "deliberation.closed", data, at=at)


def deliberation_signed(department: Department, *, signed: int, jurors: int, at: datetime) -> None:
    data = {"department": department.code, "signed": signed, "jurors": jurors}
    messages.publish(jury_audience(department.pk), "deliberation.signed", data, at=at)


def deliberation_reopened(department: Department, *, at: datetime) -> None:
    """Sent to everybody: the published digest is void."""
    data = {"department": department.code}
    audiences = EVERYONE if department.edition.is_current else _organizers_and_jury(department)
    messages.publish(audiences, "deliberation.reopened", data, at=at)


def results_published(department: Department | None = None, *, at: datetime) -> None:
    """`department`: it alone, after the others."""
    data = {} if department is None else {"department": department.code}
    messages.publish(EVERYONE, "results.published", data, at=at)


def comparison_changed(team_pks: Iterable[int], *, at: datetime) -> None:
    """To teams whose page changes, and to no other: it would tell them what a neighbour chose."""
    audiences = [team_audience(pk) for pk in team_pks]
    messages.publish(audiences, "comparison.changed", {}, at=at)


def _organizers_and_jury(department: Department) -> tuple[str, ...]:
    return ORGANIZERS, jury_audience(department.pk)
