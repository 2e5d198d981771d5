"""Marks. Each change is written at once; an empty mark has no row and is never a zero."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refused, check, refuse
from judging import live, rules
from judging.enums import SheetState
from judging.errors import JudgingRefusal
from judging.models import Criterion, Juror, Score, ScoreSheet
from judging.selectors import criteria_of, is_locked, tally_of
from judging.services import locks
from teams.models import Team


@transaction.atomic
def save(
    *,
    juror: Juror,
    team: Team,
    marks: Mapping[Criterion, Decimal | None],
    comment: str | None = None,
    finish: bool = False,
    by: User,
    at: datetime,
) -> ScoreSheet | None:
    """Write these marks (None takes one away) and the comment (None leaves it); perhaps finish.

    All or nothing. Marks that are not named stay as they are. Returns the sheet; None if there was
    nothing to write.
    """
    seat, sheet = _open(juror, team, by, at)
    for criterion, value in marks.items():
        check(rules.mark_refusal(seat, criterion, value))
    if marks or comment is not None:
        check(rules.sheet_refusal(sheet.state if sheet else SheetState.DRAFT))
        sheet = _write(seat, team, sheet, marks, comment, at)
    if finish:
        sheet = _finish(seat, team, sheet, by, at)
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
    seat, sheet = _open(juror, team, by, at)
    if sheet is None or sheet.state == SheetState.DRAFT:
        return sheet
    sheet.state = SheetState.DRAFT
    sheet.finished_at = None
    sheet.changed_at = at
    sheet.save(update_fields=["state", "finished_at", "changed_at"])
    journal.record("sheet.reopened", sheet, by=by, at=at)
    _tell(seat, at)
    return sheet


def _open(juror: Juror, team: Team, by: User, at: datetime) -> tuple[Juror, ScoreSheet | None]:
    """The locked seat and its sheet of the team, after asking whether they may be written."""
    seat = locks.seat(juror.pk, juror.department_id)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    locked = is_locked(seat.department)
    check(rules.scoring_refusal(seat, team, by=by, locked=locked, at=at))
    return seat, ScoreSheet.objects.filter(juror=seat, team=team).first()


def _write(
    seat: Juror,
    team: Team,
    sheet: ScoreSheet | None,
    marks: Mapping[Criterion, Decimal | None],
    comment: str | None,
    at: datetime,
) -> ScoreSheet:
    begun = sheet is None
    if sheet is None:
        sheet = ScoreSheet.objects.create(juror=seat, team=team, changed_at=at)
    for criterion, value in marks.items():
        if value is None:
            sheet.scores.filter(criterion=criterion).delete()
        else:
            Score.objects.update_or_create(
                sheet=sheet, criterion=criterion, defaults={"value": value, "changed_at": at}
            )
    if comment is not None:
        sheet.comment = comment
    sheet.changed_at = at
    sheet.save(update_fields=["comment", "changed_at"])
    if begun:
        journal.record("sheet.begun", sheet, by=seat.user, at=at)
        _tell(seat, at)
    return sheet


def _finish(
    seat: Juror, team: Team, sheet: ScoreSheet | None, by: User, at: datetime
) -> ScoreSheet:
    if sheet is None:
        sheet = ScoreSheet(juror=seat, team=team)  # never kept: it has no mark
    if sheet.state == SheetState.FINAL:
        return sheet
    marked = set(Score.objects.filter(sheet_id=sheet.pk).values_list("criterion_id", flat=True))
    check(rules.finish_refusal(criteria_of(seat.department), marked))
    sheet.state = SheetState.FINAL
    sheet.finished_at = at
    sheet.changed_at = at
    sheet.save(update_fields=["state", "finished_at", "changed_at"])
    journal.record("sheet.finished", sheet, by=by, at=at)
    _tell(seat, at)
    return sheet


def _tell(seat: Juror, at: datetime) -> None:
    has = tally_of(seat)
    live.sheet_progressed(seat, done=has.done, total=has.total, at=at)
