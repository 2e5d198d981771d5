from hackathon.base.core.errors import Refusal, refuse
from judging.errors import JudgingRefusal
from judging.jury.rules import change_refusal
from judging.models import Juror
from teams.models import Team


def plan_refusal(
    *, organizer: bool, closed: bool, begun: bool, jurors: int, teams: int
) -> Refusal | None:
    """`begun`: there are marks, so the plan must not be made anew."""
    if refusal := change_refusal(organizer=organizer, closed=closed):
        return refusal
    if begun:
        return refuse(JudgingRefusal.PLAN_BEGUN)
    if not jurors or not teams:
        return refuse(JudgingRefusal.PLAN_EMPTY)
    return None


def added_reading_refusal(
    juror: Juror, team: Team, *, organizer: bool, closed: bool, seated: bool, recused: bool
) -> Refusal | None:
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
