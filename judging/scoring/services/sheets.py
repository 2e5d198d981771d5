"""Marks. Each change is written at once; an empty mark has no row and is never a zero.

Whatever door it comes through, a change becomes a row of `SheetChange` and a version of the sheet.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refused, check, refuse
from judging import live, locks
from judging.enums import ChangeKind, SheetState
from judging.errors import JudgingRefusal
from judging.jury.readings import reads, tally_of
from judging.jury.selectors import criteria_of, is_locked
from judging.models import Criterion, Juror, Score, ScoreSheet, SheetChange
from judging.scoring import rules
from judging.scoring.selectors import begun_sheet, newest_change, newest_marks
from teams.models import Team

FAR = 1000  # beyond every scale; who sends 1e999999 does not make us write it out
TEXTS = (ChangeKind.COMMENT, ChangeKind.NOTES)
STATES = {ChangeKind.FINISH: SheetState.FINAL, ChangeKind.REOPEN: SheetState.DRAFT}


@dataclass(frozen=True)
class Change:
    """One change of a sheet, from whichever door.

    `base` is the version of the sheet that whoever made it had before them: None asks for no
    conflict. `seen` are the ids of the deposits they had before them; `given_at` is the device's
    word for when.
    """

    kind: ChangeKind
    value: str = ""
    criterion: Criterion | None = None
    base: int | None = None
    seen: Sequence[int] = ()
    device: str = ""
    given_at: datetime | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)


class Conflict(Refused):
    """Refused since another device changed the same in the meantime: to `theirs`."""

    def __init__(self, theirs: SheetChange, version: int) -> None:
        super().__init__(
            refuse(
                JudgingRefusal.FIELD_CONFLICT,
                field=theirs.criterion.name if theirs.criterion else theirs.get_kind_display(),
                value=theirs.value or "–",
            )
        )
        self.theirs = theirs
        self.version = version


@transaction.atomic
def save(
    *,
    juror: Juror,
    team: Team,
    marks: Mapping[Criterion, Decimal | None],
    comment: str | None = None,
    notes: str | None = None,
    finish: bool = False,
    base: int | None = None,
    seen: Sequence[int] = (),
    by: User,
    at: datetime,
) -> ScoreSheet | None:
    """Write these marks (None takes one away) and texts (None leaves them); perhaps finish.

    All or nothing. Marks that are not named stay as they are. Returns the sheet; None if there was
    nothing to write.
    """
    changes = [
        Change(ChangeKind.MARK, canonical(value), criterion, base=base, seen=seen)
        for criterion, value in marks.items()
    ]
    for kind, text in ((ChangeKind.COMMENT, comment), (ChangeKind.NOTES, notes)):
        if text is not None:
            changes.append(Change(kind, text, base=base))
    if finish:
        changes.append(Change(ChangeKind.FINISH))
    seat, sheet = open_sheet(juror, team, by, at)
    for change in changes:
        sheet = write(seat, team, sheet, change, at=at)
    return sheet


def mark(
    *,
    juror: Juror,
    team: Team,
    criterion: Criterion,
    value: Decimal | None,
    by: User,
    at: datetime,
) -> ScoreSheet | None:
    """Give one mark, or take it away with None."""
    return save(juror=juror, team=team, marks={criterion: value}, by=by, at=at)


def comment(*, juror: Juror, team: Team, comment: str, by: User, at: datetime) -> ScoreSheet | None:
    """Replace the sheet's comment."""
    return save(juror=juror, team=team, marks={}, comment=comment, by=by, at=at)


def finish(*, juror: Juror, team: Team, by: User, at: datetime) -> ScoreSheet | None:
    """Finish the sheet: from now on it counts. Finishing twice is finishing once."""
    return save(juror=juror, team=team, marks={}, finish=True, by=by, at=at)


@transaction.atomic
def reopen(*, juror: Juror, team: Team, by: User, at: datetime) -> ScoreSheet | None:
    """Make a finished sheet a draft again: until it is finished it does not count."""
    seat, sheet = open_sheet(juror, team, by, at)
    return write(seat, team, sheet, Change(ChangeKind.REOPEN), at=at)


def open_sheet(juror: Juror, team: Team, by: User, at: datetime) -> tuple[Juror, ScoreSheet | None]:
    """The locked seat and its sheet of the team, after asking whether they may be written.

    To be called in a transaction.
    """
    seat = locks.seat(juror.pk, juror.department_id)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    return seat, sheet_of(seat, team, by, at)


def sheet_of(seat: Juror, team: Team, by: User, at: datetime) -> ScoreSheet | None:
    """The same of a seat that is locked already."""
    begun = begun_sheet(seat, team)
    locked = begun.locked if begun else is_locked(seat.department)
    check(rules.scoring_refusal(seat, team, by=by, locked=locked, at=at))
    check(rules.reading_refusal(reads=not begun.recused if begun else reads(seat, team)))
    return begun.sheet if begun else None


def write(
    seat: Juror, team: Team, sheet: ScoreSheet | None, change: Change, *, at: datetime
) -> ScoreSheet | None:
    """Write one change on a sheet that `open_sheet` gave; the sheet with its new version.

    Finishing what is finished, and reopening what is open, changes nothing.
    """
    sheet = sheet or ScoreSheet(juror=seat, team=team)
    if change.kind in STATES:
        if sheet.state == STATES[change.kind]:
            return sheet if sheet.pk else None
        _check_state(seat, sheet, change)
        sheet.state = STATES[change.kind]
        sheet.finished_at = at if sheet.state == SheetState.FINAL else None
    else:
        check(rules.sheet_refusal(sheet.state))
        _check_field(seat, sheet, change)
    _keep(seat, sheet, change, at)
    return sheet


def canonical(value: Decimal | None) -> str:
    """A mark as changes keep it: « 14.5 », « 14 », nothing."""
    if value is None:
        return ""
    if not value.is_finite() or not -FAR < value < FAR:
        return str(value)  # no mark: the rule says so
    whole = value == value.to_integral_value()
    return str(int(value)) if whole else format(value.normalize(), "f")


def _check_state(seat: Juror, sheet: ScoreSheet, change: Change) -> None:
    if change.kind != ChangeKind.FINISH:
        return
    marked = set(Score.objects.filter(sheet_id=sheet.pk).values_list("criterion_id", flat=True))
    check(rules.finish_refusal(criteria_of(seat.department), marked))
    newest = newest_marks(sheet, after=change.base)
    check(rules.unread_refusal(newest, device=change.device))


def _check_field(seat: Juror, sheet: ScoreSheet, change: Change) -> None:
    if change.kind == ChangeKind.MARK:
        if change.criterion is None:
            raise Refused(refuse(JudgingRefusal.CRITERION_UNKNOWN))
        check(rules.mark_refusal(seat, change.criterion, _value(change)))
    theirs = newest_change(sheet, change.kind, change.criterion, after=change.base)
    if theirs is not None and rules.conflicts(theirs, device=change.device, value=change.value):
        raise Conflict(theirs, sheet.version)


def _keep(seat: Juror, sheet: ScoreSheet, change: Change, at: datetime) -> None:
    """Write the change: the sheet, its mark, the row that says so."""
    begun = sheet.pk is None
    sheet.version += 1
    sheet.changed_at = at
    if change.kind in TEXTS:
        setattr(sheet, change.kind, change.value)
    if begun:
        sheet.save()
    else:
        sheet.save(update_fields=_touched(change.kind))
    if change.kind == ChangeKind.MARK:
        _mark(sheet, change, at)
    SheetChange.objects.create(
        juror=seat,
        sheet=sheet,
        key=change.key,
        kind=change.kind,
        criterion=change.criterion if change.kind == ChangeKind.MARK else None,
        value="" if change.kind in STATES else change.value,
        version=sheet.version,
        device=change.device,
        given_at=rules.bounded(change.given_at, seat.department.edition, at=at),
        received_at=at,
    )
    if change.kind in STATES or begun:
        act = {ChangeKind.FINISH: "sheet.finished", ChangeKind.REOPEN: "sheet.reopened"}
        journal.record(act.get(change.kind, "sheet.begun"), sheet, by=seat.user, at=at)
        _tell(seat, at)


def _touched(kind: ChangeKind) -> list[str]:
    always = ["version", "changed_at"]
    if kind in TEXTS:
        return [*always, str(kind)]
    return [*always, "state", "finished_at"] if kind in STATES else always


def _mark(sheet: ScoreSheet, change: Change, at: datetime) -> None:
    assert change.criterion is not None
    scores = Score.objects.filter(sheet=sheet, criterion=change.criterion)
    value = _value(change)
    if value is None:
        scores.delete()
        return
    fields = {"value": value, "seen": sorted(set(change.seen)), "changed_at": at}
    if not scores.update(**fields):  # the seat is locked: nobody else writes between the two
        Score.objects.create(sheet=sheet, criterion=change.criterion, **fields)


def _value(change: Change) -> Decimal | None:
    try:
        return Decimal(change.value) if change.value else None
    except InvalidOperation as error:
        raise Refused(refuse(JudgingRefusal.CHANGE_UNREADABLE)) from error


def _tell(seat: Juror, at: datetime) -> None:
    has = tally_of(seat)
    live.sheet_progressed(seat, done=has.done, total=has.total, at=at)
