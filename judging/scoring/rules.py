"""What a jury may do, and when. Pure: stored facts and the instant come as arguments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from hackathon.accounts.models import User
from hackathon.core.errors import Refusal, refuse
from hackathon.editions.models import Edition
from judging.enums import SheetState
from judging.errors import JudgingRefusal
from judging.jury.rules import open_refusal
from judging.models import Criterion, Juror, SheetChange
from teams.models import Team

HALVES = 2  # marks go by half points


def scoring_refusal(
    juror: Juror, team: Team, *, by: User, locked: bool, at: datetime
) -> Refusal | None:
    """Whether `by`, in the seat `juror`, may write on their sheet of `team`."""
    if juror.user_id != by.pk or juror.department_id != team.department_id:
        return refuse(JudgingRefusal.NOT_JUROR)
    return open_refusal(juror.department.edition, locked=locked, at=at)


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
