from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from hackathon.accounts.models import User
from hackathon.core.errors import Refusal, refuse
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.models import Edition
from judging.enums import SheetState
from judging.errors import JudgingRefusal
from judging.jury.rules import open_refusal
from judging.models import Criterion, Juror, SheetChange
from teams.models import Team


def scoring_refusal(
    juror: Juror, team: Team, *, by: User, locked: bool, at: datetime
) -> Refusal | None:
    if juror.user_id != by.pk or juror.department_id != team.department_id:
        return refuse(JudgingRefusal.NOT_JUROR)
    return open_refusal(juror.department.edition, locked=locked, at=at)


def flag_refusal(*, organizer: bool) -> Refusal | None:
    return None if organizer else refuse(EditionRefusal.NOT_ORGANIZER)


def reading_refusal(*, reads: bool) -> Refusal | None:
    return None if reads else refuse(JudgingRefusal.NOT_ASSIGNED)


def conflicts(theirs: SheetChange, *, device: str, value: str) -> bool:
    """A device sends changes in order, so it has no conflict with itself. Forms have no device."""
    own = device != "" and theirs.device == device
    return not own and theirs.value != value


def unread_refusal(newest: Iterable[SheetChange], *, device: str) -> Refusal | None:
    """A device must have shown all marks of other devices before it finishes a sheet."""
    if all(device != "" and change.device == device for change in newest):
        return None
    return refuse(JudgingRefusal.CHANGED_ELSEWHERE)


def bounded(given_at: datetime | None, edition: Edition, *, at: datetime) -> datetime:
    """The time of the device, limited to the interval from the opening of scoring to now."""
    if given_at is None:
        return at
    return max(min(given_at, at), min(edition.judging_opens_at, at))


def has_changed(
    seen: Collection[int], counting: Mapping[int, datetime], marked_at: datetime
) -> bool:
    """Whether other submissions count than for the mark. `counting` are instants by id."""
    if seen:
        return set(seen) != set(counting)
    # A mark without a record of what was seen: only what was received since is known to be new.
    return any(received > marked_at for received in counting.values())


def sheet_refusal(state: str) -> Refusal | None:
    return refuse(JudgingRefusal.SHEET_FINAL) if state == SheetState.FINAL else None


def mark_refusal(juror: Juror, criterion: Criterion, value: Decimal | None) -> Refusal | None:
    if criterion.department_id != juror.department_id:
        return refuse(JudgingRefusal.CRITERION_UNKNOWN)
    scale = criterion.mark_scale
    if value is None or scale.accepts(value):
        return None
    return refuse(JudgingRefusal.VALUE_OUT_OF_SCALE, criterion=criterion.name, rule=scale.rule)


def finish_refusal(criteria: Sequence[Criterion], marked: Collection[int]) -> Refusal | None:
    """`marked` are ids of criteria."""
    if not criteria:
        return refuse(JudgingRefusal.NO_CRITERIA)
    missing = [criterion.name for criterion in criteria if criterion.pk not in marked]
    if missing:
        return refuse(JudgingRefusal.MARKS_MISSING, criteria=", ".join(missing))
    return None
