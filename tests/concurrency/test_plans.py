# On PostgreSQL locks decide, on SQLite the transaction that begins first.

from collections import Counter
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department
from judging.deliberation.selectors import readings_left
from judging.deliberation.services import reminders
from judging.jury.readings import judged_teams
from judging.models import Assignment, Juror, ScoreSheet
from judging.plan import services as plans
from judging.setup.services import recusals, seats
from teams.models import Team
from teams.services import teams as team_services
from tests.concurrency.test_marks import at_once, marks
from tests.conftest import make_team, make_user
from tests.judging.conftest import NIGHT
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 2


@pytest.fixture
def six(infocom) -> list[Juror]:
    return [
        Juror.objects.create(department=infocom, user=make_user(f"j{n}@example.org"))
        for n in range(6)
    ]


@pytest.fixture
def eight(infocom) -> list[Team]:
    return [make_team(infocom, f"Équipe {n}") for n in range(8)]


@pytest.fixture
def planned(infocom, six, eight, eve) -> Department:
    plans.make(department=infocom, by=eve, at=NIGHT)
    return infocom


def fay(department: Department) -> User:
    person = make_user("fay@example.org")
    department.edition.organizers.add(person)
    return person


def readings() -> Counter[int]:
    return Counter(Assignment.objects.values_list("team_id", flat=True))


def draws(department: Department, by: User) -> Callable[[], Any]:
    return lambda: plans.make(department=department, by=by, at=NIGHT)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_organizers_who_plan_at_once_make_one_plan(infocom, six, eight, eve, round_):
    answers = at_once(draws(infocom, eve), draws(infocom, fay(infocom)))

    assert answers == ["done", "done"]
    assert readings() == {team.pk: 3 for team in eight}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_jurors_who_leave_at_once_are_both_replaced(planned, six, eight, eve, round_):
    def leaves(juror: Juror) -> Callable[[], Any]:
        return lambda: seats.leave(juror=juror, by=eve, at=NIGHT)

    answers = at_once(leaves(six[0]), leaves(six[1]))

    assert answers == ["done", "done"]
    assert readings() == {team.pk: 3 for team in eight}
    assert not Assignment.objects.filter(juror__in=six[:2]).exists()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_mark_while_the_juror_leaves_is_kept_or_refused(planned, six, criteria, eve, round_):
    team = judged_teams(six[0])[0]

    left, marked = at_once(
        lambda: seats.leave(juror=six[0], by=eve, at=NIGHT),
        marks(six[0], team, criteria[0], 12),
    )

    assert left == "done"
    assert (marked, ScoreSheet.objects.count()) in {("done", 1), ("not_juror", 0)}
    assert set(readings().values()) == {3}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_team_that_is_dissolved_during_planning_is_in_no_plan(infocom, six, eight, eve, round_):
    goes = eight[0]

    answers = at_once(
        draws(infocom, eve),
        lambda: team_services.dissolve(goes, by=eve, at=NIGHT),
        lambda: recusals.make(juror=six[0], team=eight[1], reason="Oui", by=eve, at=NIGHT),
    )

    assert answers == ["done"] * 3
    assert readings() == {team.pk: 3 for team in eight[1:]}


def test_a_team_that_was_dissolved_meanwhile_is_neither_read_nor_recused(planned, six, eight, eve):
    chosen = Team.objects.get(pk=eight[0].pk)  # by a form that two organizers have open
    team_services.dissolve(eight[0], by=eve, at=NIGHT)
    stale = {"juror": six[0], "team": chosen, "by": eve, "at": NIGHT}

    answers = at_once(
        lambda: plans.add_reading(**stale), lambda: recusals.make(reason="Oui", **stale)
    )

    assert answers == ["team_gone"] * 2


def reminded(department: Department) -> list[tuple[str, str]]:
    entries = JournalEntry.objects.filter(act="juror.reminded", department_pk=department.pk)
    return list(entries.values_list("act", "target"))


@pytest.mark.postgres
def test_without_the_lock_two_presidents_remind_a_juror_twice(
    infocom, six, eight, eve, monkeypatch
):
    both_have_read = Barrier(2, timeout=PATIENCE)

    def read_without_lock(pk: int) -> Department:
        return Department.objects.select_related("edition").get(pk=pk)

    def late_jurors(department: Department, **options: Any) -> list[Juror]:
        late = readings_left.late_jurors(department, **options)
        both_have_read.wait()
        return late

    monkeypatch.setattr(reminders.locks, "jury", read_without_lock)
    monkeypatch.setattr(reminders, "late_jurors", late_jurors)

    at_once(reminds(infocom, six[0], eve), reminds(infocom, six[0], fay(infocom)))

    assert len(reminded(infocom)) == 2


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_who_remind_a_juror_at_once_remind_him_once(infocom, six, eight, eve, round_):
    answers = at_once(reminds(infocom, six[0], eve), reminds(infocom, six[0], fay(infocom)))

    assert answers == ["done", "done"]
    assert reminded(infocom) == [("juror.reminded", f"judging.juror:{six[0].pk}")]


def reminds(department: Department, juror: Juror, by: User) -> Callable[[], Any]:
    act = {"juror_pk": juror.pk, "list_url": "http://testserver/jury/", "by": by, "at": NIGHT}
    return lambda: reminders.remind(department=department, **act)
