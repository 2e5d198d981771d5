"""`department` in a message is its code."""

from datetime import datetime
from typing import Any

from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS, jury_audience, team_audience
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Department
from submissions.enums import ProgressState, Punctuality
from submissions.models import Extension, Inspection, Seal, Submission, Upload
from submissions.versions.rules import DepositPeriod
from teams.models import Team


def submission_received(submission: Submission, punctuality: Punctuality, *, at: datetime) -> None:
    team = submission.team
    data = {
        "submission": submission.pk,
        "deliverable": submission.deliverable_id,
        "team": team.pk,
        "version": submission.version,
        "received_at": submission.received_at,
        "mark": punctuality.value,
    }
    publish(team.edition, _readers_of(team), "submission.received", data, at=at)


def upload_begun(upload: Upload, *, at: datetime) -> None:
    _upload(upload, "upload.begun", at)


def upload_ended(upload: Upload, *, at: datetime) -> None:
    """Without a submission: it was given up, or has expired."""
    _upload(upload, "upload.ended", at)


def _upload(upload: Upload, kind: str, at: datetime) -> None:
    data = {"team": upload.team_id, "deliverable": upload.deliverable_id}
    team = upload.team
    publish(team.edition, (team_audience(team.pk), ORGANIZERS), kind, data, at=at)


def submission_inspected(submission: Submission, inspection: Inspection, *, at: datetime) -> None:
    data = {
        "submission": submission.pk,
        "deliverable": submission.deliverable_id,
        "team": submission.team_id,
        "health": inspection.health,
    }
    team = submission.team
    publish(team.edition, _readers_of(team), "submission.inspected", data, at=at)


def lights_completed(team: Team, windows: int, *, at: datetime) -> None:
    """Once for each team of the current edition, also if it hands in more later."""
    data = {"team": team.pk, "windows": windows}
    key, audience = f"lights {team.pk}", team_audience(team.pk)
    messages.publish_once(key, audience, "lights.completed", data, at=at)


def progress_changed(team: Team, state: ProgressState, *, at: datetime) -> None:
    """Also if only the number of deposits changes."""
    data = {"team": team.pk, "department": team.department.code, "state": state.value}
    publish(team.edition, EVERYONE, "window.changed", data, at=at)


def extension_changed(
    event: str,
    extension: Extension,
    periods: list[tuple[Team, DepositPeriod]],
    department_period: DepositPeriod,
    *,
    at: datetime,
) -> None:
    """Each team gets its own deadline, which a longer extension may decide: of the edition's, or of
    the deliverable that has its own. Organizers and jury get one message. For a whole department,
    it has the deadline of teams without their own extension.
    """
    department = extension.concerned
    others = (ORGANIZERS, jury_audience(department.pk))
    is_for_one = extension.team_id is not None
    for team, period in periods:
        audiences = (team_audience(team.pk), *(others if is_for_one else ()))
        data = _extension_data(extension, team, department, period)
        publish(department.edition, audiences, event, data, at=at)
    if not is_for_one:
        summary = _extension_data(extension, None, department, department_period)
        publish(department.edition, others, event, summary, at=at)


def deliverables_changed(department: Department, *, at: datetime) -> None:
    data = {"department": department.code}
    publish(department.edition, EVERYONE, "deliverable.changed", data, at=at)


def seal_made(seal: Seal, *, at: datetime) -> None:
    data = {
        "seal": seal.pk,
        "moment": seal.moment,
        "as_of": seal.as_of,
        "due_at": seal.due_at,
        "digest": seal.digest,
        "teams": seal.manifest["teams"],
        "deposits": seal.manifest["deposits"],
    }
    publish(seal.edition, EVERYONE, "seal.made", data, at=at)


def storage_filled(free_bytes: int, *, at: datetime) -> None:
    messages.publish(ORGANIZERS, "storage.filled", {"free_bytes": free_bytes}, at=at)


def _extension_data(
    extension: Extension, team: Team | None, department: Department, period: DepositPeriod
) -> dict[str, Any]:
    return {
        "extension": extension.pk,
        "team": team.pk if team else None,
        "department": department.code,
        "deliverable": extension.deliverable_id,
        "delay_seconds": period.delay_seconds,
        "deadline_at": period.deadline_at,
        "accepts_until": period.accepts_until,
        "minutes": extension.minutes,
        "reason": extension.reason,
    }


def _readers_of(team: Team) -> tuple[str, ...]:
    return (
        team_audience(team.pk),
        ORGANIZERS,
        jury_audience(team.department_id),
    )
