from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.extras.letters import rules, tasks
from hackathon.extras.letters.enums import SHARED, Kind
from hackathon.extras.letters.models import Remark, Sentences
from hackathon.extras.letters.preparation import letters_of
from hackathon.extras.letters.remarks import asked_about
from judging import live, locks
from judging.deliberation.rules import may_be_reminded
from judging.deliberation.selectors.readings_left import seated_in
from judging.jury.selectors import is_president, scoring_has_begun
from judging.models import Criterion, Juror, ScoreSheet
from judging.scoring.changes import Change
from judging.setup.rules import criteria_refusal

FIELDS = ("team_reads", "praise_phrases", "advice_phrases")


def write(sheet: ScoreSheet, change: Change) -> None:
    """Of a sheet whose seat is locked: no race with another request."""
    remark, _is_new = Remark.objects.get_or_create(sheet=sheet, criterion=change.criterion)
    if change.kind == Kind.SHARE:
        remark.is_shared = change.value == SHARED
        remark.save(update_fields=["is_shared"])
        return
    names = [change.kind, f"letter_{change.kind}"]
    for name in names:
        setattr(remark, name, change.value)
    remark.save(update_fields=names)


@transaction.atomic
def ask(
    *, department: Department, team_pk: int | None, list_url: str, by: User, at: datetime
) -> list[Juror]:
    """Asks those who have read a team whose letter lacks a sentence, `team_pk` or any, but `by`:
    as reminders are sent, and as rarely. Returns who was asked. Locks the jury.
    """
    department = _checked(department, by, at)
    letters = letters_of(department, at=at)
    asked = []
    for juror in seated_in(department):
        if juror.user_id == by.pk or not may_be_reminded(juror, at=at):
            continue
        teams = [line.team.pk for line in letters.lacking if juror in line.readers]
        if not teams or team_pk not in (None, *teams):
            continue
        juror.reminded_at = at
        juror.save(update_fields=["reminded_at"])
        journal.record("sentences.asked", juror, by=by, at=at)
        live.juror_reminded(juror, completes=True, at=at)
        enqueue(tasks.ask_for_sentences, juror.pk, teams, list_url)
        asked.append(juror)
    return asked


@transaction.atomic
def edit(
    *,
    department: Department,
    remark: Remark,
    letter_praise: str,
    letter_advice: str,
    by: User,
    at: datetime,
) -> Remark:
    """What the letter says instead of the juror's own sentences, which are kept; "" withholds one.
    The juror's own texts give the remark back to the juror. Locks the jury.
    """
    department = _checked(department, by, at)
    remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    before = (remark.letter_praise, remark.letter_advice)
    remark.letter_praise, remark.letter_advice = letter_praise.strip(), letter_advice.strip()
    after = (remark.letter_praise, remark.letter_advice)
    is_own = after == (remark.praise, remark.advice)
    remark.edited_at, remark.edited_by = (None, None) if is_own else (at, by)
    remark.save(update_fields=["letter_praise", "letter_advice", "edited_at", "edited_by"])
    if before != after:
        journal.record("sentences.edited", remark.sheet, by=by, at=at)
        live.jury_changed(department, at=at)
    return remark


@transaction.atomic
def prepare(
    *,
    criterion: Criterion,
    team_reads: str,
    praise_phrases: str,
    advice_phrases: str,
    by: User,
    at: datetime,
) -> Sentences:
    """Who reads is fixed by the first mark or sentence; phrases are not. Locks the jury."""
    department = locks.jury(criterion.department_id)
    asked = asked_about([criterion])[criterion.pk]
    begun = team_reads != asked.team_reads and scoring_has_begun(department)
    check(criteria_refusal(organizer=is_organizer(by, department.edition), begun=begun))
    before = journal.state(asked, FIELDS)
    asked.team_reads = team_reads
    asked.praise_phrases, asked.advice_phrases = praise_phrases, advice_phrases
    asked.save()
    if changes := journal.changes(before, asked):
        detail = {"name": criterion.name, "changes": changes}
        journal.record("sentences.prepared", criterion, by=by, at=at, **detail)
    live.jury_changed(department, at=at)
    return asked


@transaction.atomic
def copy(*, source: Edition, department_map: Mapping[int, Department]) -> None:
    """To the criteria of the same names. `department_map` is by the id of the source."""
    rows = Sentences.objects.filter(criterion__department__edition=source)
    for row in rows.select_related("criterion"):
        target = department_map.get(row.criterion.department_id)
        criteria = Criterion.objects.filter(department=target, name=row.criterion.name)
        for criterion in criteria if target else ():
            values = {name: getattr(row, name) for name in FIELDS}
            Sentences.objects.update_or_create(criterion=criterion, defaults=values)


def _checked(department: Department, by: User, at: datetime) -> Department:
    locked = locks.jury(department.pk)
    check(rules.letters_refusal(locked, president=is_president(by, locked), at=at))
    return locked
