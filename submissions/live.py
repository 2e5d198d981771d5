"""Who hears what of deposits. `department` in a message is its code."""

from datetime import datetime
from typing import Any

from hackathon.core import live
from hackathon.editions.live import jury_audience, publish
from hackathon.editions.models import Department
from submissions.deposits.rules import DepositPeriod
from submissions.enums import ProgressState, Punctuality
from submissions.models import Extension, Inspection, Seal, Submission
from teams.live import team_audience
from teams.models import Team


def submission_received(submission: Submission, mark: Punctuality, *, at: datetime) -> None:
    """A version is there: for its team, the organizers and the jury. Not what is in it."""
    team = submission.team
    data = {
        "submission": submission.pk,
        "deliverable": submission.deliverable_id,
        "team": team.pk,
        "version": submission.version,
        "received_at": submission.received_at,
        "mark": mark.value,
    }
    _tell(team, "submission.received", data, at=at)


def submission_inspected(submission: Submission, inspection: Inspection, *, at: datetime) -> None:
    """A look inside is over: the light, for its team, the organizers and the jury."""
    data = {
        "submission": submission.pk,
        "deliverable": submission.deliverable_id,
        "team": submission.team_id,
        "health": inspection.health,
    }
    _tell(submission.team, "submission.inspected", data, at=at)


def progress_changed(team: Team, state: ProgressState, *, at: datetime) -> None:
    """The team's window of the façade, or its count, is another now: everybody sees the façade."""
    data = {"team": team.pk, "department": team.department.code, "state": state.value}
    publish(team.edition, live.EVERYONE, "window.changed", data, at=at)


def extension_changed(
    event: str,
    extension: Extension,
    windows: list[tuple[Team, DepositPeriod]],
    department_window: DepositPeriod,
    *,
    at: datetime,
) -> None:
    """A delay was granted or revoked (`event` says which).

    Each team concerned hears its own deadline, which another, longer delay may still decide.
    Organizers and the jury hear it once; of a whole department `team` is null, and the instants are
    those of a team that has no delay of its own.
    """
    department = extension.concerned
    others = (live.ORGANIZERS, jury_audience(department.pk))
    is_for_one = extension.team_id is not None
    for team, window in windows:
        audiences = (team_audience(team.pk), *(others if is_for_one else ()))
        data = _extension_data(extension, team, department, window)
        publish(department.edition, audiences, event, data, at=at)
    if not is_for_one:
        summary = _extension_data(extension, None, department, department_window)
        publish(department.edition, others, event, summary, at=at)


def deliverables_changed(department: Department, *, at: datetime) -> None:
    """What a department asks for has changed: a hint, pages fetch again. To everyone, since the
    façade says how many of them each team has.
    """
    data = {"department": department.code}
    publish(department.edition, live.EVERYONE, "deliverable.changed", data, at=at)


def seal_made(seal: Seal, *, at: datetime) -> None:
    """An instant was sealed: its digest and counts, which everybody may know."""
    data = {
        "seal": seal.pk,
        "moment": seal.moment,
        "as_of": seal.as_of,
        "digest": seal.digest,
        "teams": seal.manifest["teams"],
        "deposits": seal.manifest["deposits"],
    }
    publish(seal.edition, live.EVERYONE, "seal.made", data, at=at)


def storage_filled(free_bytes: int, *, at: datetime) -> None:
    """The disk of the deposits is nearly full: organizers, act."""
    live.publish(live.ORGANIZERS, "storage.filled", {"free_bytes": free_bytes}, at=at)


def _extension_data(
    extension: Extension, team: Team | None, department: Department, window: DepositPeriod
) -> dict[str, Any]:
    return {
        "extension": extension.pk,
        "team": team.pk if team else None,
        "department": department.code,
        "delay_seconds": window.delay_seconds,
        "deadline_at": window.deadline_at,
        "accepts_until": window.accepts_until,
        "minutes": extension.minutes,
        "reason": extension.reason,
    }


def _tell(team: Team, event: str, data: dict[str, Any], *, at: datetime) -> None:
    audiences = (
        team_audience(team.pk),
        live.ORGANIZERS,
        jury_audience(team.department_id),
    )
    publish(team.edition, audiences, event, data, at=at)
