from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from hackathon.event.printing import selectors, sheets
from teams.models import Team
from tests.conftest import NOON, make_team
from tests.printing.pdf import HOSTILE, printed, with_hostile_names

pytestmark = pytest.mark.time_machine(NOON, tick=False)

ClientOf = Callable[[User], Client]


def test_the_list_of_teams_is_printed_with_the_filters_of_its_page(
    edition: Edition, comunik: Team, pixels: Team, eve: User, client_of: ClientOf
) -> None:
    browser = client_of(eve)

    (whole,) = printed(browser, edition, "equipes")
    (found,) = printed(browser, edition, "equipes", "?q=214&order=size")

    page = browser.get(reverse("teams:list", args=[edition.slug]) + "?q=214").content.decode()
    assert "/imprimer/equipes.pdf?q=214" in page
    for text in ("Com’unik", "INFOCOM", "214 · 2e", "Ada (capitaine), Ben", "Pixels"):
        assert text in whole
    assert "Com’unik" in found
    assert "Pixels" not in found


def test_squares_that_only_this_computer_can_open_are_named_before_printing(
    edition: Edition, comunik: Team, eve: User, client_of: ClientOf, settings: Any
) -> None:
    def page() -> str:
        return client_of(eve).get(reverse("printing:index", args=[edition.slug])).content.decode()

    settings.SITE_URL = "http://localhost:8000"
    here = page()
    settings.SITE_URL = "https://ccd.example.org"

    assert "mènent à http://localhost:8000" in here
    assert "mènent à" not in page()


def test_sheets_have_the_same_number_of_queries_for_one_team_and_three(
    edition: Edition,
    infocom: Department,
    comunik: Team,
    loner: User,
    gil: User,
    eve: User,
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    browser, counts = client_of(eve), []
    for _ in range(2):
        with django_assert_max_num_queries(20) as captured:
            sheets.floors(edition, selectors.teams_to_print(edition, None))
            browser.get(reverse("printing:index", args=[edition.slug]))
        counts.append(len(captured))
        if len(counts) == 1:
            make_team(infocom, "Un", loner, room="1", floor=1)
            make_team(infocom, "Deux", gil, room="2", floor=1)

    assert counts[0] == counts[1]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
@pytest.mark.parametrize("name", ["etages", "equipes"])
def test_names_are_shown_and_never_interpreted(
    edition: Edition, comunik: Team, eve: User, client_of: ClientOf, typed: str, name: str
) -> None:
    with_hostile_names(client_of(eve), edition, name, typed)
