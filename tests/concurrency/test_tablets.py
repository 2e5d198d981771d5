# The first test shows the race without the lock, on PostgreSQL.

from threading import Barrier

import pytest
from django.db import transaction

from judging.enums import ChangeKind
from judging.models import Criterion, Score, ScoreSheet, SheetChange
from judging.scoring.changes import Change, SentChange
from judging.scoring.services import sheets
from judging.scoring.services.sheets import newest_change
from teams.models import Team
from tests.concurrency.test_marks import at_once
from tests.judging.conftest import NIGHT
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 3


def sent(team: Team, criterion: Criterion, value: str, device: str) -> SentChange:
    change = Change(ChangeKind.MARK, value, base=0, device=device)
    return SentChange(str(change.key), team.pk, criterion.pk, change)


@pytest.mark.postgres
def test_without_the_lock_two_tablets_overwrite_each_other(dan, comunik, criteria):
    sheets.save(juror=dan, team=comunik, marks={criteria[1]: None}, by=dan.user, at=NIGHT)
    both_have_looked = Barrier(2, timeout=PATIENCE)
    seen = []

    def write_without_lock() -> None:
        with transaction.atomic():
            sheet = ScoreSheet.objects.get()
            seen.append(newest_change(sheet, ChangeKind.MARK, criteria[0], after=0))
            both_have_looked.wait()

    at_once(write_without_lock, write_without_lock)

    assert seen == [None, None]  # neither would get a conflict


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_tablets_at_once_one_gets_a_conflict(dan, comunik, criteria, round_):
    edition = comunik.edition
    answers = []

    def send(value: str, device: str) -> None:
        change = sent(comunik, criteria[0], value, device)
        answers.extend(
            sheets.write_changes(by=dan.user, edition=edition, changes=[change], at=NIGHT)
        )

    at_once(lambda: send("12", "a"), lambda: send("16", "b"))

    assert sorted(str(answer.outcome) for answer in answers) == ["accepted", "conflict"]
    (change,) = SheetChange.objects.all()
    assert str(int(Score.objects.get().value)) == change.value
    (conflict,) = (answer for answer in answers if answer.theirs)
    assert conflict.theirs == change


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_the_same_batch_twice_at_once_is_written_once(dan, comunik, criteria, round_):
    edition = comunik.edition
    batch = [sent(comunik, criteria[n % 2], str(n), "a") for n in range(6)]

    done = at_once(
        *[lambda: sheets.write_changes(by=dan.user, edition=edition, changes=batch, at=NIGHT)] * 3
    )

    assert done == ["done"] * 3
    assert [change.value for change in SheetChange.objects.all()] == [str(n) for n in range(6)]
    assert sorted(int(score.value) for score in Score.objects.all()) == [4, 5]
    assert ScoreSheet.objects.get().version == 6
