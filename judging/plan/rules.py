"""What may change about a jury, and when. Pure, as `judging.deliberation.rules`."""

from hackathon.core.errors import Refusal, refuse
from hackathon.editions.errors import EditionRefusal
from judging.errors import JudgingRefusal
from judging.jury.rules import change_refusal
from judging.models import Juror
from teams.models import Team


def plan_refusal(
    *, organizer: bool, closed: bool, begun: bool, jurors: int, teams: int
) -> Refusal | None:
    """Whether it may be said who reads whom. `begun`: it is to be drawn anew, under marks."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if closed:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if begun:
        return refuse(JudgingRefusal.PLAN_BEGUN)
    if not jurors or not teams:
        return refuse(JudgingRefusal.PLAN_EMPTY)
    return None


def gift_refusal(
    juror: Juror, team: Team, *, organizer: bool, closed: bool, seated: bool, recused: bool
) -> Refusal | None:
    """Whether a juror may be given a team to read, on top of what the plan says."""
    if refusal := change_refusal(organizer=organizer, closed=closed):
        return refusal
    if team.department_id != juror.department_id:
        return refuse(JudgingRefusal.NOMINEE_UNKNOWN)
    if not seated:
        return refuse(JudgingRefusal.NOT_JUROR)
    if recused:
        name = juror.user.display_name
        return refuse(JudgingRefusal.JUROR_RECUSED, name=name, team=team.name)
    return None
