from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from judging.errors import JudgingRefusal
from judging.jury.rules import change_refusal
from judging.models import Criterion, Juror, JuryRules, Recusal
from teams.models import Team

MOST_BADGES = 5  # each PIN makes guessing easier


def criteria_refusal(*, organizer: bool, begun: bool) -> Refusal | None:
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return refuse(JudgingRefusal.SCORING_BEGUN) if begun else None


def appointment_refusal(
    person: User | None, *, organizer: bool, in_team: bool, closed: bool
) -> Refusal | None:
    """Refused for a locked jury, because a juror may read its decision."""
    if refusal := change_refusal(organizer=organizer, closed=closed):
        return refusal
    if person is not None and in_team:
        return refuse(JudgingRefusal.JUROR_IN_TEAM, name=person.display_name)
    return None


def dismissal_refusal(
    juror: Juror, *, organizer: bool, has_marks: bool, closed: bool
) -> Refusal | None:
    """A juror with marks keeps the seat, because marks are never deleted."""
    if refusal := change_refusal(organizer=organizer, closed=closed):
        return refusal
    if has_marks:
        return refuse(JudgingRefusal.JUROR_HAS_MARKS, name=juror.user.display_name)
    return None


def badge_refusal(juror: Juror, *, organizer: bool, seated: bool, valid: int) -> Refusal | None:
    """`valid`: the badges that stay valid beside a new one."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if not seated:
        return refuse(JudgingRefusal.NOT_JUROR)
    if valid >= MOST_BADGES:
        return refuse(JudgingRefusal.BADGES_MANY, name=juror.user.display_name, n=valid)
    return None


def rules_refusal(
    before: JuryRules, after: JuryRules, *, organizer: bool, begun: bool, closed: bool
) -> Refusal | None:
    """What decides the ranking is fixed by the first mark; the number of readings is not."""
    if refusal := change_refusal(organizer=organizer, closed=closed):
        return refusal
    decides = (before.method, before.separation) != (after.method, after.separation)
    return refuse(JudgingRefusal.METHOD_CHOSEN) if begun and decides else None


def procedure_refusal(*, allowed: bool, closed: bool) -> Refusal | None:
    """`allowed`: for the president, and for organizers."""
    if not allowed:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    return refuse(JudgingRefusal.DELIBERATION_LOCKED) if closed else None


def amendment_refusal(
    criterion: Criterion, *, scale: int, reason: str, president: bool, above: bool, closed: bool
) -> Refusal | None:
    """`above`: some marks are no marks of the new scale."""
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if closed:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if not reason:
        return refuse(JudgingRefusal.REASON_NEEDED)
    if above:
        return refuse(JudgingRefusal.MARKS_ABOVE_SCALE, criterion=criterion.name, scale=scale)
    return None


def return_refusal(juror: Juror, *, organizer: bool, in_team: bool, closed: bool) -> Refusal | None:
    if refusal := change_refusal(organizer=organizer, closed=closed):
        return refusal
    if in_team:
        return refuse(JudgingRefusal.JUROR_IN_TEAM, name=juror.user.display_name)
    return None


def recusal_refusal(
    juror: Juror, team: Team, *, reason: str, organizer: bool, themself: bool, closed: bool
) -> Refusal | None:
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
    if not (organizer or themself):
        return refuse(JudgingRefusal.NOT_JUROR)
    if closed:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if not organizer and recusal.made_by_id != by_pk:
        return refuse(JudgingRefusal.RECUSAL_OF_ORGANIZERS)
    return None
