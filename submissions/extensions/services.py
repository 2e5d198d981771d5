from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from submissions import live
from submissions.enums import ProgressState
from submissions.extensions import rules, selectors
from submissions.models import Deliverable, Extension
from submissions.versions import selectors as deposits
from submissions.versions.progress import progress_of
from teams.models import Team


@transaction.atomic
def grant(
    edition: Edition,
    *,
    team: Team | None = None,
    department: Department | None = None,
    deliverable: Deliverable | None = None,
    minutes: int,
    reason: str,
    private_reason: str = "",
    by: User,
    at: datetime,
) -> Extension:
    """Extensions don't add up: the longest is valid. Late deposits may become punctual.
    `deliverable`: one with its own deadline, which moves; else that of the edition. Raises
    `Refused`.
    """
    check(
        rules.extension_refusal(
            edition,
            team=team,
            department=department,
            deliverable=deliverable,
            minutes=minutes,
            reason=reason,
            organizer=is_organizer(by, edition),
            at=at,
        )
    )
    extension = Extension(
        team=team,
        department=department,
        deliverable=deliverable,
        minutes=minutes,
        reason=reason.strip(),
        private_reason=private_reason.strip(),
        granted_at=at,
        granted_by=by,
    )
    states = _states(edition, extension)
    extension.save(force_insert=True)
    journal.record("extension.granted", extension, by=by, at=at, **_detail(extension))
    _publish("extension.granted", edition, extension, states, at=at)
    return extension


def to_confirm(
    edition: Edition,
    granted: dict[str, Any],
    *,
    end_is_shown: bool,
    confirmed: str,
    by: User,
    at: datetime,
) -> selectors.Preview | None:
    """What an organizer has to see before `granted`, the arguments of `grant`, is done. None if
    they saw it, or if the rules refuse it. `end_is_shown`: beside the minutes, which is enough for
    one team. `confirmed`: the key of what they saw.
    """
    rule = {n: granted[n] for n in ("team", "department", "deliverable", "minutes", "reason")}
    if rules.extension_refusal(edition, **rule, organizer=is_organizer(by, edition), at=at):
        return None
    preview = selectors.preview(edition, Extension(**granted), at=at)
    if end_is_shown and preview.moves and granted["department"] is None:
        return None
    return preview if preview.key != confirmed else None


@transaction.atomic
def revoke(extension: Extension, *, by: User, at: datetime) -> Extension:
    """Idempotent. Raises `Refused`."""
    edition = extension.concerned.edition
    organizer = is_organizer(by, edition)
    check(rules.revoke_refusal(edition, organizer=organizer, at=at))
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if extension.revoked_at is not None:
        return extension
    states = _states(edition, extension)
    extension.revoked_at = at
    extension.revoked_by = by
    extension.save(update_fields=["revoked_at", "revoked_by"])
    journal.record("extension.revoked", extension, by=by, at=at, **_detail(extension))
    _publish("extension.revoked", edition, extension, states, at=at)
    return extension


def _detail(extension: Extension) -> dict[str, int | str | None]:
    """Without the reason, which may say something of a person's health."""
    return {
        "team": extension.team_id,
        "department": extension.department_id,
        "deliverable": extension.deliverable_id,
        "minutes": extension.minutes,
        "to": " · ".join(
            str(each)
            for each in (extension.team or extension.department, extension.deliverable)
            if each is not None
        ),
    }


def _states(edition: Edition, extension: Extension) -> dict[int, ProgressState]:
    """Of the department concerned, by team id."""
    department = extension.concerned
    return {p.team.pk: p.state for p in progress_of(edition, department)}


def _publish(
    event: str,
    edition: Edition,
    extension: Extension,
    before: dict[int, ProgressState],
    *,
    at: datetime,
) -> None:
    teams = selectors.teams_concerned(extension)
    periods = deposits.periods_of(edition, teams, extension.deliverable)
    live.extension_changed(
        event,
        extension,
        [(team, periods[team.pk]) for team in teams],
        deposits.department_period(edition, extension.concerned, extension.deliverable),
        at=at,
    )
    after = _states(edition, extension)
    for team in teams:
        if after[team.pk] != before[team.pk]:
            live.progress_changed(team, after[team.pk], at=at)
