"""What a jury may do, and when. Pure: stored facts and the instant come as arguments."""

from datetime import datetime

from hackathon.accounts.models import User
from hackathon.core.errors import Refusal, refuse
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.models import Edition
from judging.errors import JudgingRefusal
from judging.jury.rules import change_refusal, jury_is_closed
from judging.models import Criterion, Juror, JuryRules, Recusal
from teams.models import Team


def criteria_refusal(*, organizer: bool, begun: bool) -> Refusal | None:
    """Whether criteria may be written. `begun`: a sheet of the department has a mark."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return refuse(JudgingRefusal.SCORING_BEGUN) if begun else None


def appointment_refusal(
    edition: Edition,
    person: User | None,
    *,
    organizer: bool,
    in_team: bool,
    locked: bool,
    at: datetime,
) -> Refusal | None:
    """Whether `person` (None: no account yet) may be seated in a jury, or their seat changed.

    A locked jury takes nobody: a seat is the right to read its decision.
    """
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if jury_is_closed(edition, locked=locked, at=at):
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if person is not None and in_team:
        return refuse(JudgingRefusal.JUROR_IN_TEAM, name=person.display_name)
    return None


def dismissal_refusal(
    juror: Juror, *, organizer: bool, has_marks: bool, locked: bool, at: datetime
) -> Refusal | None:
    """Whether a juror may lose the seat. Who has marked keeps it: marks are never thrown away."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if jury_is_closed(juror.department.edition, locked=locked, at=at):
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if has_marks:
        return refuse(JudgingRefusal.JUROR_HAS_MARKS, name=juror.user.display_name)
    return None


def badge_refusal(*, organizer: bool, seated: bool) -> Refusal | None:
    """Whether a badge may be made for a seat."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return None if seated else refuse(JudgingRefusal.NOT_JUROR)


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
