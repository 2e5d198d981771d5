from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.background import enqueue
from hackathon.core.errors import check
from hackathon.editions.models import Department
from judging import live, locks, tasks
from judging.deliberation import rules
from judging.deliberation.selectors.letters import letters_of
from judging.deliberation.selectors.readings_left import seated_in
from judging.jury.selectors import is_president
from judging.models import Juror, Remark


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
        if juror.user_id == by.pk or not rules.may_be_reminded(juror, at=at):
            continue
        teams = [line.team.pk for line in letters.lacking if juror in line.readers]
        if not teams or team_pk not in (None, *teams):
            continue
        juror.reminded_at = at
        juror.save(update_fields=["reminded_at"])
        journal.record("sentences.asked", juror, by=by, at=at)
        live.juror_reminded(juror, sentences=True, at=at)
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


def _checked(department: Department, by: User, at: datetime) -> Department:
    locked = locks.jury(department.pk)
    check(rules.letters_refusal(locked.edition, president=is_president(by, locked), at=at))
    return locked
