import pytest

from teams.models import Placement, Room, Team
from teams.selectors.rooms import offer
from teams.services import rooms
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON, make_team, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def waiting(infocom) -> list[Team]:
    people = [make_user(f"p{n}@example.org") for n in range(6)]
    return [make_team(infocom, f"Équipe {n}", *people[2 * n : 2 * n + 2]) for n in range(3)]


def test_of_two_who_apply_at_once_one_is_asked_again(edition, waiting, eve):
    Room.objects.create(edition=edition, name="B12", places=6, position=0)
    key = offer(edition, moves=False).key

    def apply() -> object:
        return rooms.place(edition, key=key, moves=False, by=eve, at=NOON)

    answers = at_once(apply, apply)

    assert sorted(answers) == ["done", "placement_changed"]
    assert Placement.objects.count() == 1
