"""An organizer hides the works of a team while its members change something."""

from typing import Any

import pytest

from hackathon.base.core.models import LiveMessage
from teams.enums import Circle
from teams.models import Team
from teams.services import organizing, teams
from tests.concurrency.test_marks import at_once
from tests.conftest import DEADLINE
from tests.teams.works import agree, choose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 5
REASON = "Ce film montre des mineurs."


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_member_agrees_at_once_and_the_work_stays_hidden(comunik, ben, eve, round_):
    act: dict[str, Any] = {"by": eve, "at": DEADLINE}
    choose(ben, Circle.NOBODY)

    at_once(
        lambda: organizing.hide_works(comunik, because=REASON, **act),
        lambda: agree(comunik),
    )

    assert not Team.objects.showing_works_to(Circle.EDITION).exists()
    last = LiveMessage.objects.filter(type="work.changed").latest("pk")
    assert last.data["circle"] == Circle.NOBODY


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_another_organizer_edits_the_team_at_once_and_the_work_stays_hidden(comunik, eve, round_):
    at_once(
        lambda: organizing.hide_works(comunik, because=REASON, by=eve, at=DEADLINE),
        lambda: teams.edit(comunik, project="Autre titre", by=eve, at=DEADLINE),
    )

    stored = Team.objects.get(pk=comunik.pk)
    assert (stored.works_hidden_because, stored.project) == (REASON, "Autre titre")
