from typing import Any

import pytest
from django.test import Client

from hackathon.accounts.models import User
from hackathon.editions.models import Edition
from hackathon.extras.favourite import services
from hackathon.extras.favourite.models import Favourite, Tally
from teams.models import Team
from tests.conftest import make_team
from tests.judging.conftest import MORNING

PAGE = "/coup-de-coeur/"
BADGE = "/coup-de-coeur/badge/"
TITLE = "Coup de cœur du public"


@pytest.fixture
def act(eve: User) -> dict[str, Any]:
    return {"by": eve, "at": MORNING}


@pytest.fixture
def five(comunik: Team) -> Team:
    return make_team(comunik.department, "Les Five")


@pytest.fixture
def prepared(edition: Edition, comunik: Team, pixels: Team, act: dict[str, Any]) -> Favourite:
    services.prepare(edition=edition, title=TITLE, only_presented=True, **act)
    return Favourite.objects.get()


@pytest.fixture
def opened(prepared: Favourite, act: dict[str, Any]) -> Favourite:
    services.open_by_hand(favourite=prepared, **act)
    return Favourite.objects.select_related("edition").get()


def code_of(favourite: Favourite, act: dict[str, Any]) -> str:
    return services.print_badges(favourite=favourite, count=1, **act)[0][1]


def phone(code: str) -> Client:
    # A browser without an account that has read the badge.
    browser = Client()
    assert browser.post(BADGE, {"code": code}).status_code == 302
    return browser


def votes() -> dict[str, int]:
    return {team: n for tally in Tally.objects.all() for team, n in tally.votes.items() if n}
