# Two taps at once: of one juror, and of two. The first test shows the race without the lock.

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction

from hackathon.event.editions.models import Department
from hackathon.extras.offered_readings import services
from hackathon.extras.offered_readings.models import Offering
from hackathon.extras.offered_readings.selectors import offered_team
from judging.enums import ReadingKind
from judging.models import Assignment, Criterion, Juror, JuryRules
from judging.plan.services import add_second_reading
from judging.scoring.services import sheets
from teams.models import Team
from tests.concurrency.test_marks import at_once
from tests.conftest import make_team, make_user
from tests.judging.conftest import NIGHT
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 3
MARKS = [(9, 11), (11, 8), (15, 16), (16, 15)]


@pytest.fixture
def four(infocom) -> list[Juror]:
    return [
        Juror.objects.create(department=infocom, user=make_user(f"j{n}@example.org"))
        for n in range(4)
    ]


@pytest.fixture
def finished(infocom, four) -> Department:
    # The last two jurors have read the two best teams, which the first two may read.
    JuryRules.objects.create(department=infocom, readings=2)
    Offering.objects.create(department=infocom)
    criterion = Criterion.objects.create(department=infocom, name="Idée")
    teams = [make_team(infocom, f"Équipe {n}") for n in range(4)]
    for n, juror in enumerate(four):
        for position in range(2):
            team = teams[2 * (n // 2) + position]
            Assignment.objects.create(juror=juror, team=team, position=position)
            sheets.save(
                juror=juror,
                team=team,
                marks={criterion: Decimal(MARKS[n][position])},
                finish=True,
                by=juror.user,
                at=NIGHT,
            )
    return infocom


def given() -> list[tuple[int, int]]:
    rows = Assignment.objects.filter(kind=ReadingKind.SECOND).order_by("pk")
    return list(rows.values_list("juror_id", "team_id"))


def accepts(juror: Juror) -> Callable[[], Team]:
    return lambda: services.accept(juror=juror, by=juror.user, at=NIGHT)


@pytest.mark.postgres
def test_without_the_lock_two_jurors_get_the_same_team(finished, four):
    both_have_looked = Barrier(2, timeout=PATIENCE)

    def accept_without_lock(juror: Juror) -> Callable[[], Any]:
        def run() -> None:
            with transaction.atomic():
                team = offered_team(juror, at=NIGHT)
                both_have_looked.wait()
                assert team is not None
                add_second_reading(juror, team)

        return run

    at_once(accept_without_lock(four[0]), accept_without_lock(four[1]))

    assert len({team for _juror, team in given()}) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_jurors_at_once_get_two_different_teams(finished, four, round_):
    answers = at_once(accepts(four[0]), accepts(four[1]))

    assert answers == ["done", "done"]
    assert {juror for juror, _team in given()} == {four[0].pk, four[1].pk}
    assert len({team for _juror, team in given()}) == 2


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_juror_who_taps_twice_gets_one_reading(finished, four, round_):
    answers = at_once(accepts(four[0]), accepts(four[0]))

    assert answers == ["done", "done"]
    assert len(given()) == 1
