"""Writes score sheets, for forms and tablets: each change is a `SheetChange` and a version."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Exists

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refusal, Refused, check, refuse
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from judging import live, locks
from judging.enums import ChangeKind, SheetState
from judging.errors import JudgingRefusal
from judging.jury.readings import may_begin_sheet, sheet_counts_of
from judging.jury.selectors import criteria_of
from judging.models import (
    Criterion,
    Deliberation,
    Juror,
    Recusal,
    Score,
    ScoreSheet,
    SheetChange,
)
from judging.scoring import rules
from judging.scoring.sealed_changes import Batch
from judging.scoring.services import visits
from teams.models import Team

TEXTS = (ChangeKind.COMMENT, ChangeKind.NOTES)
STATES = {ChangeKind.FINISH: SheetState.FINAL, ChangeKind.REOPEN: SheetState.DRAFT}
JOURNAL_ACTS = {ChangeKind.FINISH: "sheet.finished", ChangeKind.REOPEN: "sheet.reopened"}


@dataclass(frozen=True)
class Change:
    """`base` is the version that the juror saw; None looks for no conflict. `seen` are ids of
    submissions. `given_at` is by the clock of the device.
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


@dataclass(frozen=True)
class SentChange:
    """`team` and `criterion` are ids. Without `change` and `visit` it could not be read."""

    key: str
    team: int = 0
    criterion: int | None = None
    change: Change | None = None
    visit: visits.Visit | None = None


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """`version` is the sheet's afterwards. `theirs` is what a conflict kept."""

    key: str
    outcome: Outcome
    version: int = 0
    theirs: SheetChange | None = None
    refusal: Refusal | None = None

    @property
    def is_done(self) -> bool:
        """Whether the device may delete the change."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.ALREADY)


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
    """A mark of None is removed, a text of None kept. All or nothing.

    Returns None if there was nothing to write. Raises `Refused`.
    """
    changes = [
        Change(ChangeKind.MARK, criterion.mark_scale.write(value), criterion, base=base, seen=seen)
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


@transaction.atomic
def reopen(*, juror: Juror, team: Team, by: User, at: datetime) -> ScoreSheet | None:
    seat, sheet = open_sheet(juror, team, by, at)
    return write(seat, team, sheet, Change(ChangeKind.REOPEN), at=at)


def write_changes(
    *, by: User, edition: Edition | None, changes: Sequence[SentChange], at: datetime
) -> list[Result]:
    """Each change is written at most once, in its own transaction."""
    found = Team.objects.filter(edition=edition).select_related("department")
    teams = found.in_bulk({sent.team for sent in changes})
    criteria = Criterion.objects.in_bulk({s.criterion for s in changes if s.criterion is not None})
    for team in teams.values():
        team.department.edition = team.edition = edition  # type: ignore[assignment]
    return [
        _visited(sent.key, sent.visit, teams.get(sent.team), edition, by, at)
        if sent.visit
        else _result(sent, teams.get(sent.team), criteria.get(sent.criterion or 0), by, at)
        for sent in changes
    ]


def write_sealed_changes(
    batch: Batch,
    *,
    edition: Edition | None,
    changes: Sequence[SentChange],
    by: AnyUser,
    at: datetime,
) -> list[Result]:
    """Writes as the user of the ticket, even if another user `by` is signed in. Once the ticket has
    ended, only that user's own session brings the changes.
    """
    juror = User.objects.filter(pk=batch.user_pk).first()
    if juror is None or not (juror == by or batch.may_be_written_for(juror)):
        not_juror = refuse(JudgingRefusal.NOT_JUROR)
        return [Result(sent.key, Outcome.REFUSED, refusal=not_juror) for sent in changes]
    return write_changes(by=juror, edition=edition, changes=changes, at=at)


def open_sheet(juror: Juror, team: Team, by: User, at: datetime) -> tuple[Juror, ScoreSheet | None]:
    """Locks the seat. The sheet is None if it is not begun. Raises `Refused`."""
    seat = locks.seat(juror.pk, juror.department_id)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    return seat, writable_sheet(seat, team, by, at)


def writable_sheet(seat: Juror, team: Team, by: User, at: datetime) -> ScoreSheet | None:
    """For a locked seat. One query if the sheet is begun. Raises `Refused`."""
    recused = Recusal.objects.filter(juror=seat, team=team)
    locked = Deliberation.objects.filter(department=seat.department_id, locked_at__isnull=False)
    sheets = ScoreSheet.objects.filter(juror=seat, team=team).order_by()
    sheet = sheets.annotate(recused=Exists(recused), locked=Exists(locked)).first()
    is_locked = sheet.locked if sheet else locked.exists()
    check(rules.scoring_refusal(seat, team, by=by, locked=is_locked, at=at))
    check(rules.reading_refusal(reads=not sheet.recused if sheet else may_begin_sheet(seat, team)))
    return sheet


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
        check(rules.sheet_refusal(sheet.state))
        if change.kind == ChangeKind.MARK:
            change = _check_mark(seat, change)
        _check_conflict(sheet, change)
    _store_change(seat, sheet, change, at)
    return sheet


def newest_change(
    sheet: ScoreSheet, kind: ChangeKind, criterion: Criterion | None = None, *, after: int | None
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


def _visited(
    key: str,
    visit: visits.Visit,
    team: Team | None,
    edition: Edition | None,
    by: User,
    at: datetime,
) -> Result:
    """`version`: milliseconds of the server's clock, which pages have too."""
    try:
        visits.write(visit, team=team, edition=edition, by=by, at=at)
    except Refused as error:
        return Result(key, Outcome.REFUSED, refusal=error.refusal)
    return Result(key, Outcome.ACCEPTED, int(at.timestamp() * 1000))


@transaction.atomic
def _write_sent(key: str, change: Change, team: Team, by: User, at: datetime) -> Result:
    seat = locks.seat_of(by, team.department)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    sheet = writable_sheet(seat, team, by, at)
    sheet = write(seat, team, sheet, change, at=at)
    return Result(key, Outcome.ACCEPTED, sheet.version if sheet else 0)


def _check_finish(seat: Juror, sheet: ScoreSheet, change: Change) -> None:
    marked = set(Score.objects.filter(sheet_id=sheet.pk).values_list("criterion_id", flat=True))
    check(rules.finish_refusal(criteria_of(seat.department), marked))
    newest = _newest_marks(sheet, after=change.base)
    check(rules.unread_refusal(newest, device=change.device))


def _check_mark(seat: Juror, change: Change) -> Change:
    """Normalizes the mark: 14 and 14.0 are no conflict."""
    if change.criterion is None:
        raise Refused(refuse(JudgingRefusal.CRITERION_UNKNOWN))
    scale = change.criterion.mark_scale
    try:
        value = scale.parse(change.value)
    except ValueError as error:
        raise Refused(refuse(JudgingRefusal.CHANGE_UNREADABLE)) from error
    check(rules.mark_refusal(seat, change.criterion, value))
    return replace(change, value=scale.write(value))


def _check_conflict(sheet: ScoreSheet, change: Change) -> None:
    theirs = newest_change(sheet, change.kind, change.criterion, after=change.base)
    if theirs is not None and rules.conflicts(theirs, device=change.device, value=change.value):
        raise Conflict(theirs, sheet.version)


def _store_change(seat: Juror, sheet: ScoreSheet, change: Change, at: datetime) -> None:
    is_new = sheet.pk is None
    sheet.version += 1
    sheet.changed_at = at
    if change.kind in TEXTS:
        setattr(sheet, change.kind, change.value)
    sheet.save(update_fields=None if is_new else _updated_fields(change.kind))
    if change.kind == ChangeKind.MARK:
        _write_score(sheet, change, at)
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
    if change.kind in STATES or is_new:
        journal.record(JOURNAL_ACTS.get(change.kind, "sheet.begun"), sheet, by=seat.user, at=at)
        counts = sheet_counts_of(seat)
        live.sheet_progressed(seat, done=counts.done, total=counts.total, at=at)


def _updated_fields(kind: ChangeKind) -> list[str]:
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
