import pytest
from django.urls import reverse

from hackathon.event.printing import selectors, sheets
from tests.conftest import NOON, make_team
from tests.printing.pdf import HOSTILE, printed, with_hostile_names

pytestmark = pytest.mark.time_machine(NOON, tick=False)


def test_the_list_of_teams_is_printed_with_the_filters_of_its_page(
    edition, comunik, pixels, eve, client_of
):
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
    edition, comunik, eve, client_of, settings
):
    def page() -> str:
        return client_of(eve).get(reverse("printing:index", args=[edition.slug])).content.decode()

    settings.SITE_URL = "http://localhost:8000"
    here = page()
    settings.SITE_URL = "https://ccd.example.org"

    assert "mènent à http://localhost:8000" in here
    assert "mènent à" not in page()


def test_sheets_have_the_same_number_of_queries_for_one_team_and_three(
    edition, infocom, comunik, loner, gil, eve, client_of, django_assert_max_num_queries
):
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
def test_names_are_shown_and_never_interpreted(edition, comunik, eve, client_of, typed, name):
    with_hostile_names(client_of(eve), edition, name, typed)
