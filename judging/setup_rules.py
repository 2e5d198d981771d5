"""What may change about a jury, and when. Pure, as `judging.rules`."""

from hackathon.core.errors import Refusal, refuse
from hackathon.editions.errors import EditionRefusal
from judging.errors import JudgingRefusal
from judging.models import Criterion, Juror, JuryRules, Recusal
from teams.models import Team


def rules_refusal(
    before: JuryRules, after: JuryRules, *, organizer: bool, begun: bool, closed: bool
) -> Refusal | None:
    """Whether a jury may work by other rules.

    What decides the ranking is chosen before anybody is marked; how many read a team is not.
    """
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if closed:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    decides = (before.method, before.separation) != (after.method, after.separation)
    return refuse(JudgingRefusal.METHOD_CHOSEN) if begun and decides else None


def amendment_refusal(
    criterion: Criterion, *, scale: int, reason: str, president: bool, above: bool, closed: bool
) -> Refusal | None:
    """Whether a criterion may change although marks were given on it.

    `above`: some of them would be out of the new scale.
    """
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if closed:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if not reason:
        return refuse(JudgingRefusal.REASON_NEEDED)
    if above:
        return refuse(JudgingRefusal.MARKS_ABOVE_SCALE, criterion=criterion.name, scale=scale)
    return None


def change_refusal(*, organizer: bool, closed: bool) -> Refusal | None:
    """Whether an organizer may change a jury: somebody leaves, a plan is given up."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return refuse(JudgingRefusal.DELIBERATION_LOCKED) if closed else None


def return_refusal(juror: Juror, *, organizer: bool, in_team: bool, closed: bool) -> Refusal | None:
    """Whether somebody who left a jury may sit in it again."""
    if refusal := change_refusal(organizer=organizer, closed=closed):
        return refusal
    if in_team:
        return refuse(JudgingRefusal.JUROR_IN_TEAM, name=juror.user.display_name)
    return None


def recusal_refusal(
    juror: Juror, team: Team, *, reason: str, organizer: bool, themself: bool, closed: bool
) -> Refusal | None:
    """Whether a juror may be kept from judging a team: by organizers, or by themself."""
    if not (organizer or themself):
        return refuse(JudgingRefusal.NOT_JUROR)
    if team.department_id != juror.department_id:
        return refuse(JudgingRefusal.NOMINEE_UNKNOWN)
    if closed:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    return None if reason else refuse(JudgingRefusal.REASON_NEEDED)


def withdrawal_refusal(
    recusal: Recusal, *, by_pk: int, organizer: bool, themself: bool, closed: bool
) -> Refusal | None:
    """Whether a recusal may be taken back: a juror takes back no more than they said."""
    if not (organizer or themself):
        return refuse(JudgingRefusal.NOT_JUROR)
    if closed:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if not organizer and recusal.made_by_id != by_pk:
        return refuse(JudgingRefusal.RECUSAL_OF_ORGANIZERS)
    return None


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
