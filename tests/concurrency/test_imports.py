from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.event.editions.models import Edition
from hackathon.event.imports import services
from hackathon.event.imports.enums import ImportKind
from hackathon.event.imports.models import Import
from hackathon.event.imports.reading import read
from hackathon.event.imports.selectors import Options
from teams.errors import TeamRefusal
from teams.models import Team
from teams.services import membership
from tests.conftest import NOON, make_team, make_user
from tests.imports.files import PLAIN, as_csv
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

EVENING = NOON - timedelta(hours=18)
ROUNDS = 5


def at_once(*acts: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(acts), timeout=PATIENCE)

    def run(act: Callable[[], str]) -> str:
        try:
            barrier.wait()
            return act()
        except Refused as refused:
            return refused.refusal.code.value
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def importing(edition: Edition, content: bytes, by: User) -> Callable[[], str]:
    def act() -> str:
        table = read(content)
        plan, done = services.apply(
            edition, ImportKind.STUDENTS, table, Options(), by=by, at=EVENING
        )
        codes = [problem.refusal.code.value for problem in plan.problems]
        return ", ".join(codes) or ("imported" if done else "nothing to change")

    return act


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_an_import_and_a_student_take_one_last_seat(infocom, ada, ben, eve, edition, round_):
    team = make_team(infocom, "Comunik", ada, ben)  # type: ignore[arg-type]  # three at most
    fay = make_user("fay@example.org", "Fay")
    content = b"mail;equipe\ngus@example.org;Comunik\n"

    def join() -> str:
        membership.join(team, by=fay, at=EVENING)
        return "joined"

    answers = at_once(importing(edition, content, eve), join)

    assert answers in (["imported", TeamRefusal.TEAM_FULL], ["joined", "team_full"])
    assert team.memberships.count() == 3


@pytest.mark.usefixtures("info", "infocom")
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_imports_of_one_file_one_changes_something(edition, eve, round_):
    act = importing(edition, as_csv(PLAIN), eve)

    answers = at_once(act, act)

    assert answers == ["imported", "nothing to change"]
    assert (Import.objects.count(), Team.objects.count()) == (1, 2)
