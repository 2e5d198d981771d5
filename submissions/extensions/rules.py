import math
from datetime import datetime, timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from submissions.errors import DepositRefusal
from submissions.models import Deliverable
from teams.models import Team

EXTENSION_MAX_MINUTES = 24 * 60


def minutes_of_percent(edition: Edition, percent: int) -> int:
    """Of the time from the start to the deadline, rounded up."""
    running = edition.deadline_at - edition.starts_at
    return math.ceil(running * percent / 100 / timedelta(minutes=1))


def extension_refusal(
    edition: Edition,
    *,
    team: Team | None,
    department: Department | None,
    deliverable: Deliverable | None,
    minutes: int,
    reason: str,
    organizer: bool,
    at: datetime,
) -> Refusal | None:
    """Possible after the deadline, to make up for a failure of the network. `deliverable` None: of
    the edition's deadline.
    """
    if refusal := revoke_refusal(edition, organizer=organizer, at=at):
        return refusal
    target = team or department
    if (team is None) == (department is None) or target is None:
        return refuse(DepositRefusal.EXTENSION_TARGET)
    if target.edition_id != edition.pk:
        return refuse(DepositRefusal.EXTENSION_TARGET)
    if deliverable is not None:
        asked_of = team.department_id if team else target.pk
        if deliverable.due_at is None or deliverable.department_id != asked_of:
            return refuse(DepositRefusal.EXTENSION_DELIVERABLE, name=deliverable.name)
    if not 1 <= minutes <= EXTENSION_MAX_MINUTES:
        return refuse(DepositRefusal.EXTENSION_MINUTES, min=1, max=EXTENSION_MAX_MINUTES)
    if not reason.strip():
        return refuse(DepositRefusal.EXTENSION_REASON)
    return None


def revoke_refusal(edition: Edition, *, organizer: bool, at: datetime) -> Refusal | None:
    """Punctuality must not change once the results are published."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if results_are_public(edition, at=at):
        return refuse(EditionRefusal.RESULTS_PUBLISHED)
    return None
