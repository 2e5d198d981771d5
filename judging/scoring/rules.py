from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Edition
from judging.enums import ChangeKind, SheetState
from judging.errors import JudgingRefusal
from judging.jury.rules import open_refusal
from judging.models import Criterion, Juror, ScoreSheet, SheetChange
from judging.scoring.changes import Change
from teams.models import Team


@dataclass(frozen=True)
class SheetFacts:
    """What decides whether a juror may write a sheet, read while the seat is locked.

    `sheet`: None if it is not begun. Only then `is_assigned` and `has_plan` matter: whether the
    juror reads the team, and whether the department has planned who reads whom.
    """

    seat: Juror
    team: Team
    sheet: ScoreSheet | None
    is_locked: bool
    is_recused: bool
    is_assigned: bool = False
    has_plan: bool = False

    @property
    def reads(self) -> bool:
        may_begin = self.is_assigned or not self.has_plan
        return not self.is_recused and (self.sheet is not None or may_begin)


def sheet_refusals(
    facts: SheetFacts, *, by: User, at: datetime, remarks: bool = False
) -> list[Refusal]:
    """Why nothing of the sheet may be written; the first one is the one to tell. `remarks`: nothing
    else is written. Those of a finished sheet may be completed until the publication.
    """
    is_final = facts.sheet is not None and facts.sheet.state == SheetState.FINAL
    locked = facts.is_locked and not (remarks and is_final)
    refusals = [
        scoring_refusal(facts.seat, facts.team, by=by, locked=locked, at=at),
        reading_refusal(reads=facts.reads),
    ]
    return [refusal for refusal in refusals if refusal is not None]


def remark_refusal(seat: Juror, change: Change, *, is_asked: bool) -> Refusal | None:
    """`is_asked`: by an extra that the edition has on."""
    criterion = change.criterion
    if criterion is None or criterion.department_id != seat.department_id:
        return refuse(JudgingRefusal.CRITERION_UNKNOWN)
    return None if is_asked else refuse(JudgingRefusal.CHANGE_UNREADABLE)


def change_refusals(seat: Juror, state: str, change: Change) -> list[Refusal]:
    """Of a mark or a text, in a sheet of this `state`; the first one is the one to tell."""
    refusals = [final_refusal(state)]
    if change.kind == ChangeKind.MARK:
        refusals.append(_sent_mark_refusal(seat, change))
    return [refusal for refusal in refusals if refusal is not None]


def scoring_refusal(
    juror: Juror, team: Team, *, by: User, locked: bool, at: datetime
) -> Refusal | None:
    if juror.user_id != by.pk or juror.department_id != team.department_id:
        return refuse(JudgingRefusal.NOT_JUROR)
    return open_refusal(juror.department, locked=locked, at=at)


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


def final_refusal(state: str) -> Refusal | None:
    return refuse(JudgingRefusal.SHEET_FINAL) if state == SheetState.FINAL else None


def mark_refusal(juror: Juror, criterion: Criterion, value: Decimal | None) -> Refusal | None:
    if criterion.department_id != juror.department_id:
        return refuse(JudgingRefusal.CRITERION_UNKNOWN)
    scale = criterion.mark_scale
    if value is None or scale.accepts(value):
        return None
    return refuse(JudgingRefusal.VALUE_OUT_OF_SCALE, criterion=criterion.name, rule=scale.rule)


def _sent_mark_refusal(juror: Juror, change: Change) -> Refusal | None:
    if change.criterion is None:
        return refuse(JudgingRefusal.CRITERION_UNKNOWN)
    try:
        value = change.criterion.mark_scale.parse(change.value)
    except ValueError:
        return refuse(JudgingRefusal.CHANGE_UNREADABLE)
    return mark_refusal(juror, change.criterion, value)


def finish_refusal(criteria: Sequence[Criterion], marked: Collection[int]) -> Refusal | None:
    """`marked` are ids of criteria."""
    if not criteria:
        return refuse(JudgingRefusal.NO_CRITERIA)
    missing = [criterion.name for criterion in criteria if criterion.pk not in marked]
    if missing:
        return refuse(JudgingRefusal.MARKS_MISSING, criteria=", ".join(missing))
    return None
