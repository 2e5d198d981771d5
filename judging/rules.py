"""What a jury may do, and when. Pure: stored facts and the instant come as arguments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hackathon.accounts.models import User
from hackathon.core.errors import Refusal, refuse
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import day_and_time, results_are_public
from judging.enums import SheetState
from judging.errors import JudgingRefusal
from judging.models import Criterion, Juror, SheetChange
from judging.ranking import competition_ranks
from teams.models import Team

HALVES = 2  # marks go by half points


def jury_is_closed(edition: Edition, *, locked: bool, at: datetime) -> bool:
    """Whether nothing of this jury changes any more."""
    return locked or results_are_public(edition, at=at)


def scoring_refusal(
    juror: Juror, team: Team, *, by: User, locked: bool, at: datetime
) -> Refusal | None:
    """Whether `by`, in the seat `juror`, may write on their sheet of `team`."""
    if juror.user_id != by.pk or juror.department_id != team.department_id:
        return refuse(JudgingRefusal.NOT_JUROR)
    return open_refusal(juror.department.edition, locked=locked, at=at)


def open_refusal(edition: Edition, *, locked: bool, at: datetime) -> Refusal | None:
    """Whether a jury is at work: scoring has opened and its deliberation is not locked."""
    if at < edition.judging_opens_at:
        return refuse(
            JudgingRefusal.JUDGING_NOT_OPEN, opens=day_and_time(edition.judging_opens_at, edition)
        )
    if jury_is_closed(edition, locked=locked, at=at):
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    return None


def reading_refusal(*, reads: bool) -> Refusal | None:
    """Whether somebody may write on their sheet of a team: who reads it, or has begun to."""
    return None if reads else refuse(JudgingRefusal.NOT_ASSIGNED)


def conflicts(theirs: SheetChange, *, device: str, value: str) -> bool:
    """Whether what a device says is at odds with the newest change it has not seen.

    Its own changes are none: it sends them one after the other. A page without script has no name.
    """
    own = device != "" and theirs.device == device
    return not own and theirs.value != value


def unread_refusal(newest: Iterable[SheetChange], *, device: str) -> Refusal | None:
    """Whether a device may finish a sheet: not over marks of another one that it has not shown."""
    if all(device != "" and change.device == device for change in newest):
        return None
    return refuse(JudgingRefusal.CHANGED_ELSEWHERE)


def bounded(given_at: datetime | None, edition: Edition, *, at: datetime) -> datetime:
    """When a device says that a change was made, within what can be: its clock may be off."""
    if given_at is None:
        return at
    return max(min(given_at, at), min(edition.judging_opens_at, at))


def has_changed(seen: Collection[int], counting: Mapping[int, datetime], given: datetime) -> bool:
    """Whether other deposits count now (id: instant) than a mark of the instant `given` was on.

    Where nothing is known to have been seen, only what came later is news.
    """
    if seen:
        return set(seen) != set(counting)
    return any(received > given for received in counting.values())


def sheet_refusal(state: str) -> Refusal | None:
    """Whether a sheet in this state takes marks and comments."""
    return refuse(JudgingRefusal.SHEET_FINAL) if state == SheetState.FINAL else None


def mark_refusal(juror: Juror, criterion: Criterion, value: Decimal | None) -> Refusal | None:
    """Whether `value` is a mark on this juror's criterion. None takes the mark away."""
    if criterion.department_id != juror.department_id:
        return refuse(JudgingRefusal.CRITERION_UNKNOWN)
    if value is None:
        return None
    in_scale = value.is_finite() and 0 <= value <= criterion.scale
    if not in_scale or value * HALVES % 1 != 0:
        return refuse(
            JudgingRefusal.VALUE_OUT_OF_SCALE, criterion=criterion.name, scale=criterion.scale
        )
    return None


def finish_refusal(criteria: Sequence[Criterion], marked: Collection[int]) -> Refusal | None:
    """Whether a sheet with marks on these criteria (ids) may be finished: none may be missing."""
    if not criteria:
        return refuse(JudgingRefusal.NO_CRITERIA)
    missing = [criterion.name for criterion in criteria if criterion.pk not in marked]
    if missing:
        return refuse(JudgingRefusal.MARKS_MISSING, criteria=", ".join(missing))
    return None


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


@dataclass(frozen=True)
class Decision:
    """Whom a jury names, and the winners' ranks by team id (1, 1, 3: equal is ex aequo)."""

    nominees: frozenset[int]
    ranks: Mapping[int, int]


def decision(nominees: Collection[int], places: Mapping[int, int]) -> Decision:
    """A decision with its places made into ranks: 2, 2, 5 are 1, 1, 3."""
    return Decision(frozenset(nominees), competition_ranks(places))


def deliberation_refusal(
    edition: Edition, *, president: bool, locked: bool, final_sheets: int, at: datetime
) -> Refusal | None:
    """Whether a jury's decision may be written."""
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if refusal := open_refusal(edition, locked=locked, at=at):
        return refusal
    return refuse(JudgingRefusal.NO_SHEETS) if final_sheets == 0 else None


def decision_refusal(
    decided: Decision, teams: Mapping[int, Team], *, special: Collection[int] = ()
) -> Refusal | None:
    """Whether this may stand as a draft. `teams` are the department's, by id; `special` those that
    get a prize of its own name, which needs no nomination.
    """
    chosen = decided.nominees | decided.ranks.keys() | set(special)
    if any(pk not in teams for pk in chosen):
        return refuse(JudgingRefusal.NOMINEE_UNKNOWN)
    for pk in decided.ranks:
        if pk not in decided.nominees:
            return refuse(JudgingRefusal.WINNER_NOT_NOMINATED, team=teams[pk].name)
    return None


def lock_refusal(edition: Edition, *, winners: int, teams: int) -> Refusal | None:
    """Whether a decision with so many winners may be locked.

    A department with fewer teams than winners asked for gives what it can.
    """
    least = min(edition.winners_min, teams)
    if not least <= winners <= edition.winners_max:
        return refuse(
            JudgingRefusal.WINNERS_COUNT, min=least, max=edition.winners_max, count=winners
        )
    return None


def standing_refusal(
    *, departures: Sequence[str], reason: str, reordered: bool, confirmed: bool, fresh: bool
) -> Refusal | None:
    """Whether a decision may stand as the jury's: shown to it for its signatures, and locked.

    `departures` says how it leaves the ranking; `reordered` that corrections change the plain
    order; `fresh` that the marks are those it was decided on.
    """
    if not fresh:
        return refuse(JudgingRefusal.RANKING_CHANGED)
    if departures and not reason.strip():
        return refuse(JudgingRefusal.DEPARTURE_UNEXPLAINED, departure=departures[0])
    if reordered and not confirmed:
        return refuse(JudgingRefusal.ORDER_NOT_CONFIRMED)
    return None


def signature_refusal(
    *, seated: bool, locked: bool, opened_at: datetime | None, seen: datetime | None
) -> Refusal | None:
    """Whether a juror may sign what they saw, opened at `seen`; it was `opened_at` last."""
    if not seated:
        return refuse(JudgingRefusal.NOT_JUROR)
    if locked:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if opened_at is None:
        return refuse(JudgingRefusal.NOT_OPEN_TO_SIGN)
    return refuse(JudgingRefusal.DECISION_CHANGED) if seen != opened_at else None


def reopening_refusal(
    edition: Edition,
    *,
    president: bool,
    locked: bool,
    ceremony_begun: bool,
    reason: str,
    at: datetime,
) -> Refusal | None:
    """Whether a jury may take its decision back: not once anybody outside may know of it."""
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if not locked:
        return refuse(JudgingRefusal.NOT_LOCKED)
    if refusal := out_refusal(edition, ceremony_begun=ceremony_begun, at=at):
        return refusal
    return None if reason.strip() else refuse(JudgingRefusal.REOPENING_REASON)


def out_refusal(edition: Edition, *, ceremony_begun: bool, at: datetime) -> Refusal | None:
    """Whether anybody outside the jury may know a locked decision already."""
    if results_are_public(edition, at=at):
        return refuse(JudgingRefusal.RESULTS_OUT)
    return refuse(JudgingRefusal.CEREMONY_BEGUN) if ceremony_begun else None


def second_reading_refusal(edition: Edition, *, leaders: int, proposed: int) -> Refusal | None:
    """Whether leaders are to be read again: more of them than places, and somebody new to do it."""
    if leaders <= edition.winners_max:
        return refuse(JudgingRefusal.LEADERS_FIT, leaders=leaders, places=edition.winners_max)
    return refuse(JudgingRefusal.NO_NEW_READERS) if proposed == 0 else None


def publication_refusal(
    *,
    organizer: bool,
    departments: Sequence[Department],
    still_open: Sequence[Department],
    unfinished: bool = False,
) -> Refusal | None:
    """Whether results may be published. `departments` are those that have teams; `unfinished`: a
    ceremony is on that has not come to its end, which a publication would spoil.
    """
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if not departments:
        return refuse(JudgingRefusal.NO_SHEETS)
    if still_open:
        names = ", ".join(department.name for department in still_open)
        return refuse(EditionRefusal.DELIBERATIONS_OPEN, departments=names)
    return refuse(JudgingRefusal.CEREMONY_UNFINISHED) if unfinished else None


def ceremony_start_refusal(
    *,
    organizer: bool,
    rehearsal: bool,
    running: bool,
    departments: Sequence[Department],
    still_open: Sequence[Department],
) -> Refusal | None:
    """Whether a ceremony may begin; `running`: a real one is on. Any time is good to rehearse."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if running:
        return refuse(JudgingRefusal.CEREMONY_RUNNING)
    if rehearsal:
        return None
    return publication_refusal(organizer=organizer, departments=departments, still_open=still_open)


def ceremony_refusal(*, organizer: bool, running: bool, outdated: bool) -> Refusal | None:
    """Whether the screens of the ceremony may be driven."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if not running:
        return refuse(JudgingRefusal.NO_CEREMONY)
    return refuse(JudgingRefusal.CEREMONY_OUTDATED) if outdated else None


def ceremony_is_outdated(
    moved_at: datetime, locked: Iterable[datetime | None], *, rehearsal: bool
) -> bool:
    """Whether what a real ceremony goes through is not what it began with: a jury is open again
    (None), or has locked since the last step. Its steps are counted, so it must not go on.
    """
    return not rehearsal and any(at is None or at > moved_at for at in locked)
