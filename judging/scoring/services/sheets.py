"""Writes score sheets, for forms and tablets: each change is a `SheetChange` and a version."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Exists

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refusal, Refused, check, refuse
from hackathon.event.editions.models import Edition
from judging import live, locks
from judging.enums import ChangeKind, SheetState
from judging.errors import JudgingRefusal
from judging.jury.readings import sheet_counts_of
from judging.jury.selectors import criteria_of
from judging.models import (
    Assignment,
    Criterion,
    Deliberation,
    Juror,
    Recusal,
    Score,
    ScoreSheet,
    SheetChange,
)
from judging.models.sheets import OF_SHEET
from judging.scoring import rules
from judging.scoring.changes import Change, Outcome, Result, SentChange
from judging.scoring.remarks import of_kind
from judging.scoring.rules import SheetFacts
from teams.models import Team

TEXTS = (ChangeKind.COMMENT, ChangeKind.NOTES)
STATES: dict[str, SheetState] = {
    ChangeKind.FINISH: SheetState.FINAL,
    ChangeKind.REOPEN: SheetState.DRAFT,
}
JOURNAL_ACTS: dict[str, str] = {
    ChangeKind.FINISH: "sheet.finished",
    ChangeKind.REOPEN: "sheet.reopened",
}


class Conflict(Refused):
    """Another device has changed the same field since."""

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
    remarks: Sequence[Change] = (),
    notes: str | None = None,
    finish: bool = False,
    base: int | None = None,
    seen: Sequence[int] = (),
    by: User,
    at: datetime,
) -> ScoreSheet | None:
    """A mark of None is removed, a text of None kept. `remarks`: changes of what is written about
    criteria. All or nothing.

    Returns None if there was nothing to write. Raises `Refused`.
    """
    changes = [
        Change(ChangeKind.MARK, criterion.mark_scale.write(value), criterion, base=base, seen=seen)
        for criterion, value in marks.items()
    ]
    for kind, text in ((ChangeKind.COMMENT, comment), (ChangeKind.NOTES, notes)):
        if text is not None:
            changes.append(Change(kind, text, base=base))
    only_remarks = bool(remarks) and not changes and not finish
    changes += [replace(remark, base=base) for remark in remarks]
    if finish:
        changes.append(Change(ChangeKind.FINISH))
    seat, sheet = open_sheet(juror, team, by, at, remarks=only_remarks)
    if finish and sheet is not None:
        # Before the own marks are written; these have a check of their own.
        own = {criterion.pk for criterion in marks}
        unseen = [c for c in _newest_marks(sheet, after=base) if c.criterion_id not in own]
        check(rules.unread_refusal(unseen, device=""))
    for change in changes:
        sheet = write(seat, team, sheet, change, at=at)
    return sheet


@transaction.atomic
def reopen(*, juror: Juror, team: Team, by: User, at: datetime) -> ScoreSheet | None:
    seat, sheet = open_sheet(juror, team, by, at)
    return write(seat, team, sheet, Change(ChangeKind.REOPEN), at=at)


def write_changes(
    *, by: User, edition: Edition | None, changes: Sequence[SentChange], at: datetime
) -> list[Result]:
    """Each change is written at most once, in its own transaction: one that is refused must not
    take back those before it.
    """
    of_edition = Team.objects.filter(edition=edition).select_related("department")
    teams = of_edition.in_bulk({sent.team for sent in changes})
    # The edition is read once, by the caller: without this each team would read it again.
    for team in teams.values():
        team.department.edition = team.edition = edition  # type: ignore[assignment]
    criteria = Criterion.objects.in_bulk({s.criterion for s in changes if s.criterion is not None})
    return [
        _result(sent, teams.get(sent.team), criteria.get(sent.criterion or 0), by, at)
        for sent in changes
    ]


def open_sheet(
    juror: Juror, team: Team, by: User, at: datetime, *, remarks: bool = False
) -> tuple[Juror, ScoreSheet | None]:
    """Locks the seat. The sheet is None if it is not begun. Raises `Refused`."""
    seat = locks.seat(juror.pk, juror.department_id)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    return seat, writable_sheet(seat, team, by, at, remarks=remarks)


def writable_sheet(
    seat: Juror, team: Team, by: User, at: datetime, *, remarks: bool = False
) -> ScoreSheet | None:
    """For a locked seat. Raises `Refused`."""
    facts = _facts_of(seat, team)
    _raise_first(rules.sheet_refusals(facts, by=by, at=at, remarks=remarks))
    return facts.sheet


def _facts_of(seat: Juror, team: Team) -> SheetFacts:
    """One query if the sheet is begun, else two."""
    recused = Exists(Recusal.objects.filter(juror=seat, team=team))
    locked = Deliberation.objects.nominated().filter(department=seat.department_id)
    sheets = ScoreSheet.objects.filter(juror=seat, team=team).order_by()
    sheet = sheets.annotate(is_locked=Exists(locked), is_recused=recused).first()
    if sheet is not None:
        return SheetFacts(seat, team, sheet, sheet.is_locked, sheet.is_recused)
    assigned = Exists(Assignment.objects.filter(juror=seat, team=team))
    plan = Exists(Assignment.objects.planned_in(seat.department_id))
    own = Juror.objects.filter(pk=seat.pk).values_list(Exists(locked), recused, assigned, plan)
    return SheetFacts(seat, team, None, *own.get())


def _raise_first(refusals: Sequence[Refusal]) -> None:
    if refusals:
        raise Refused(refusals[0])


def write(
    seat: Juror, team: Team, sheet: ScoreSheet | None, change: Change, *, at: datetime
) -> ScoreSheet | None:
    """Finishing a final sheet or reopening a draft changes nothing. Raises `Refused`."""
    sheet = sheet or ScoreSheet(juror=seat, team=team)
    if change.kind in STATES:
        if sheet.state == STATES[change.kind]:
            return sheet if sheet.pk else None
        if change.kind == ChangeKind.FINISH:
            _check_finish(seat, sheet, change)
        sheet.state = STATES[change.kind]
        sheet.finished_at = at if sheet.state == SheetState.FINAL else None
    else:
        change = _checked(seat, sheet, change)
        _check_conflict(sheet, change)
    _store_change(seat, sheet, change, at)
    return sheet


def _checked(seat: Juror, sheet: ScoreSheet, change: Change) -> Change:
    """With its value as it is stored. Raises `Refused`."""
    if not change.is_remark:
        _raise_first(rules.change_refusals(seat, sheet.state, change))
        return _normalized(change)
    change = replace(change, value=change.value.strip())
    asked = of_kind(change.kind, seat.department.edition)
    check(rules.remark_refusal(seat, change, is_asked=asked is not None))
    if asked:
        _raise_first(asked.refusals(sheet, change))
    return change


def newest_change(
    sheet: ScoreSheet, kind: str, criterion: Criterion | None = None, *, after: int | None
) -> SheetChange | None:
    if sheet.pk is None or after is None or after >= sheet.version:
        return None
    changes = SheetChange.objects.filter(sheet=sheet, kind=kind, version__gt=after)
    if criterion is not None:
        changes = changes.filter(criterion=criterion)
    return changes.order_by("-version").first()


def _newest_marks(sheet: ScoreSheet, *, after: int | None) -> list[SheetChange]:
    if sheet.pk is None or after is None or after >= sheet.version:
        return []
    changes = SheetChange.objects.filter(sheet=sheet, kind=ChangeKind.MARK, version__gt=after)
    return list({change.criterion_id: change for change in changes.order_by("version")}.values())


def _result(
    sent: SentChange,
    team: Team | None,
    criterion: Criterion | None,
    by: User,
    at: datetime,
) -> Result:
    if sent.change is None:
        unreadable = refuse(JudgingRefusal.CHANGE_UNREADABLE)
        return Result(sent.key, Outcome.REFUSED, refusal=unreadable)
    if team is None:
        return Result(sent.key, Outcome.REFUSED, refusal=refuse(JudgingRefusal.NOT_JUROR))
    try:
        return _write_sent(sent.key, replace(sent.change, criterion=criterion), team, by, at)
    except (Refused, IntegrityError) as error:
        # A change that was sent before fails on the unique constraint or on a rule that it changed
        # itself. Only then it is looked up: repetitions are rare. It counts as written even if the
        # rules would refuse it now.
        rows = SheetChange.objects.filter(juror__user=by, juror__department=team.department_id)
        if written := rows.filter(key=sent.change.key).first():
            return Result(sent.key, Outcome.ALREADY, written.version)
        if isinstance(error, IntegrityError):
            raise
        if isinstance(error, Conflict):
            return Result(sent.key, Outcome.CONFLICT, error.version, error.theirs, error.refusal)
        return Result(sent.key, Outcome.REFUSED, refusal=error.refusal)


@transaction.atomic
def _write_sent(key: str, change: Change, team: Team, by: User, at: datetime) -> Result:
    # Locked first: two tablets of one juror send at the same time, and what decides is read below.
    seat = locks.seat_of(by, team.department)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    sheet = writable_sheet(seat, team, by, at, remarks=change.is_remark)
    sheet = write(seat, team, sheet, change, at=at)
    return Result(key, Outcome.ACCEPTED, sheet.version if sheet else 0)


def _check_finish(seat: Juror, sheet: ScoreSheet, change: Change) -> None:
    marked = set(Score.objects.filter(sheet_id=sheet.pk).values_list("criterion_id", flat=True))
    check(rules.finish_refusal(criteria_of(seat.department), marked))
    newest = _newest_marks(sheet, after=change.base)
    check(rules.unread_refusal(newest, device=change.device))


def _normalized(change: Change) -> Change:
    """14 and 14.0 are no conflict."""
    if change.kind != ChangeKind.MARK or change.criterion is None:
        return change
    scale = change.criterion.mark_scale
    return replace(change, value=scale.write(scale.parse(change.value)))


def _check_conflict(sheet: ScoreSheet, change: Change) -> None:
    theirs = newest_change(sheet, change.kind, change.criterion, after=change.base)
    if theirs is not None and rules.conflicts(theirs, device=change.device, value=change.value):
        raise Conflict(theirs, sheet.version)


def _store_change(seat: Juror, sheet: ScoreSheet, change: Change, at: datetime) -> None:
    is_new = sheet.pk is None
    # One number for the whole sheet, by which a device says what it has seen. Whether two changes
    # are in conflict is decided by field.
    sheet.version += 1
    sheet.changed_at = at
    if change.kind in TEXTS:
        setattr(sheet, change.kind, change.value)
    sheet.save(update_fields=None if is_new else _updated_fields(change.kind))
    if change.kind == ChangeKind.MARK:
        _write_score(sheet, change, at)
    elif asked := of_kind(change.kind, seat.department.edition):
        asked.write(sheet, change)
    SheetChange.objects.create(
        juror=seat,
        sheet=sheet,
        key=change.key,
        kind=change.kind,
        criterion=change.criterion if change.kind not in OF_SHEET else None,
        value="" if change.kind in STATES else change.value,
        version=sheet.version,
        device=change.device,
        given_at=rules.bounded(change.given_at, seat.department.edition, at=at),
        received_at=at,
    )
    if change.kind in STATES or is_new:
        journal.record(JOURNAL_ACTS.get(change.kind, "sheet.begun"), sheet, by=seat.user, at=at)
    # What is written on drafts is shown to the juror only.
    completes = change.is_remark and sheet.state == SheetState.FINAL
    if change.kind in STATES or is_new or completes:
        counts = sheet_counts_of(seat)
        live.sheet_progressed(seat, done=counts.done, total=counts.total, at=at)


def _updated_fields(kind: str) -> list[str]:
    always = ["version", "changed_at"]
    if kind in TEXTS:
        return [*always, str(kind)]
    return [*always, "state", "finished_at"] if kind in STATES else always


def _write_score(sheet: ScoreSheet, change: Change, at: datetime) -> None:
    assert change.criterion is not None
    scores = Score.objects.filter(sheet=sheet, criterion=change.criterion)
    if not change.value:
        scores.delete()
        return
    fields = {"value": Decimal(change.value), "seen": sorted(set(change.seen)), "changed_at": at}
    if not scores.update(**fields):  # no race with another request: the seat is locked
        Score.objects.create(sheet=sheet, criterion=change.criterion, **fields)
