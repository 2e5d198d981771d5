# On PostgreSQL locks decide, on SQLite the transaction that begins first. The first test shows the
# race without the lock, where the database allows it.

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hackathon.base.core.errors import Refused
from judging.deliberation.services import decision as deliberation
from judging.errors import JudgingRefusal
from judging.models import Award, Criterion, Deliberation, Juror, Score, ScoreSheet
from judging.scoring.services import sheets
from judging.setup.services import criteria as criteria_services
from teams.models import Team
from tests.conftest import make_team
from tests.judging.conftest import NIGHT
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 3


def at_once(*acts: Callable[[], Any]) -> list[str]:
    barrier = Barrier(len(acts), timeout=PATIENCE)

    def run(act: Callable[[], Any]) -> str:
        try:
            barrier.wait()
            act()
        except Refused as refused:
            return str(refused.refusal.code.value)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def marks(juror: Juror, team: Team, criterion: Criterion, value: int) -> Callable[[], Any]:
    return lambda: sheets.save(
        juror=juror,
        team=team,
        marks={criterion: Decimal(value)},
        by=juror.user,
        at=NIGHT,
    )


@pytest.fixture
def ten(infocom) -> list[Criterion]:
    return [Criterion.objects.create(department=infocom, name=f"Critère {n}") for n in range(10)]


@pytest.mark.postgres
def test_without_the_lock_two_first_marks_collide(dan, comunik):
    both_have_looked = Barrier(2, timeout=PATIENCE)
    failed = []

    def begin_without_lock() -> None:
        with transaction.atomic():
            found = ScoreSheet.objects.filter(juror=dan, team=comunik).first()
            both_have_looked.wait()
            try:
                found or ScoreSheet.objects.create(juror=dan, team=comunik, changed_at=NIGHT)
            except IntegrityError as error:
                failed.append(error)
                transaction.set_rollback(True)

    at_once(begin_without_lock, begin_without_lock)

    assert len(failed) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_ten_first_marks_at_once_are_all_kept(dan, comunik, ten, round_):
    acts = [marks(dan, comunik, criterion, n) for n, criterion in enumerate(ten)]

    answers = at_once(*acts)

    assert answers == ["done"] * 10
    assert ScoreSheet.objects.count() == 1
    assert sorted(score.value for score in Score.objects.all()) == list(range(10))


def test_the_same_mark_twice_at_once_is_one_mark(dan, comunik, ten):
    answers = at_once(*[marks(dan, comunik, ten[0], value) for value in (7, 8)] * 3)

    assert answers == ["done"] * 6
    assert Score.objects.get().value in (7, 8)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_mark_during_the_finish_is_in_the_sheet_or_refused(dan, comunik, criteria, round_):
    for criterion in criteria:
        marks(dan, comunik, criterion, 10)()

    finished, marked = at_once(
        lambda: sheets.save(juror=dan, team=comunik, marks={}, finish=True, by=dan.user, at=NIGHT),
        marks(dan, comunik, criteria[0], 15),
    )

    assert finished == "done"
    value = Score.objects.get(criterion=criteria[0]).value
    assert (marked, value) in {("done", 15), (JudgingRefusal.SHEET_FINAL.value, 10)}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_mark_during_the_lock_is_before_it_or_refused(
    infocom, dan, diane, comunik, criteria, round_
):
    five = make_team(infocom, "Les Five")
    for criterion in criteria:
        marks(dan, comunik, criterion, 10)()
    sheets.save(juror=dan, team=comunik, marks={}, finish=True, by=dan.user, at=NIGHT)
    decide = {"department": infocom, "by": diane.user, "at": NIGHT}
    both = [comunik.pk, five.pk]
    deliberation.decide(nominees=both, places=dict.fromkeys(both, 1), reason="Ensemble.", **decide)

    locked, marked = at_once(lambda: deliberation.lock(**decide), marks(dan, five, criteria[0], 15))

    assert locked == "done"
    kept = Score.objects.filter(sheet__team=five).count()
    assert (marked, kept) in {("done", 1), (JudgingRefusal.DELIBERATION_LOCKED.value, 0)}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_criteria_do_not_change_during_a_first_mark(infocom, eve, dan, comunik, criteria, round_):
    infocom.edition.organizers.add(eve)

    changed, marked = at_once(
        lambda: criteria_services.save(
            department=infocom, criterion=criteria[0], name="Autre", scale=5, by=eve, at=NIGHT
        ),
        marks(dan, comunik, criteria[1], 15),
    )

    assert marked == "done"
    assert changed in {"done", JudgingRefusal.SCORING_BEGUN.value}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_drafts_at_once_leave_one_whole(infocom, dan, diane, comunik, criteria, round_):
    five = make_team(infocom, "Les Five")
    for criterion in criteria:
        marks(dan, comunik, criterion, 10)()
    sheets.save(juror=dan, team=comunik, marks={}, finish=True, by=dan.user, at=NIGHT)

    def decides(team: Team) -> Callable[[], Any]:
        return lambda: deliberation.decide(
            department=infocom,
            nominees=[team.pk],
            places={team.pk: 1},
            by=diane.user,
            at=NIGHT,
        )

    answers = at_once(decides(comunik), decides(five))

    assert answers == ["done", "done"]
    award = Award.objects.get()
    assert list(Deliberation.objects.get().nominations.values_list("team", flat=True)) == [
        award.team_id
    ]
