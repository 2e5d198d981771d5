"""Who may hand in, for whom."""

from datetime import datetime

from hackathon.core.errors import Refusal, refuse
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.rules import results_are_public
from submissions.errors import DepositRefusal
from submissions.models import Deliverable
from teams.models import Team


def member_refusal(deliverable: Deliverable, team: Team, *, is_member: bool) -> Refusal | None:
    if is_member and deliverable.department_id == team.department_id:
        return None
    return refuse(DepositRefusal.NOT_MEMBER)


def entry_refusal(
    deliverable: Deliverable, team: Team, *, reason: str, organizer: bool, at: datetime
) -> Refusal | None:
    """Possible after the deadline: the entry is then late, as any deposit."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if deliverable.department_id != team.department_id:
        return refuse(DepositRefusal.NOT_MEMBER)
    if results_are_public(team.edition, at=at):
        return refuse(DepositRefusal.ENTRY_CLOSED)
    return None if reason.strip() else refuse(DepositRefusal.ENTRY_REASON)
