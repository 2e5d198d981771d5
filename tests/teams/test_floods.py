"""Each change of a team is a message to everybody, whose pages then fetch: one captain alone makes
few of them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hackathon.base.accounts.models import User
from teams.errors import TeamRefusal
from teams.models import Membership
from teams.rules import CHANGES_MAX, CHANGES_PERIOD
from teams.services import teams
from tests.conftest import NOON
from tests.refusals import refuses
from tests.teams.conftest import EVENING

pytestmark = pytest.mark.django_db


def repeated(act: Callable[[int], object]) -> int:
    """How often it is done before it is refused."""
    done = 0
    with refuses(TeamRefusal.TOO_OFTEN):
        for number in range(CHANGES_MAX + 5):
            act(number)
            done += 1
    return done


def test_a_captain_does_not_send_messages_to_everybody_without_end(comunik, ada, eve):
    def edits(number: int, by: User = ada, at: datetime = NOON) -> None:
        teams.edit(comunik, by=by, at=at, project=f"Projet {number}")

    assert repeated(edits) == CHANGES_MAX
    assert repeated(lambda _number: teams.renew_code(comunik, by=ada, at=NOON)) == CHANGES_MAX
    edits(99, at=NOON + CHANGES_PERIOD + timedelta(seconds=1))
    edits(100, by=eve)  # an organizer


def test_one_person_does_not_register_teams_without_end(edition, infocom, fay):
    def registers(number: int) -> None:
        teams.register(edition, infocom, f"Les {number}", by=fay, at=EVENING)
        Membership.objects.filter(user=fay).delete()

    assert repeated(registers) == CHANGES_MAX
