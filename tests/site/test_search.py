from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.day.site.search import Group, search
from hackathon.event.editions.models import Department, Edition
from teams.models import Team
from tests.conftest import make_team

type ClientOf = Callable[[User], Client]


@pytest.fixture
def team(infocom: Department, ada: User) -> Team:
    return make_team(infocom, "Pixel", ada, room="Amphi 8")


def urls(groups: list[Group]) -> list[str]:
    return [each.url for group in groups for each in group.found]


@pytest.mark.parametrize("text", ["éclair", "ECLAIR", "  ecl ", "éclair infocom", "b 12", "ecl b"])
def test_a_team_is_found_by_parts_of_its_name_room_and_department(text, edition, infocom):
    team = make_team(infocom, "Éclair", room="B 12", join_code="KXQ4WZ")
    text = text.replace("infocom", infocom.code)

    assert reverse("teams:organized", args=[team.pk]) in urls(search(edition, text))
    assert urls(search(edition, "KXQ4wz")) == [reverse("teams:organized", args=[team.pk])]


def test_people_rooms_and_pages_are_found_beside_teams(edition, team, ada):
    person = reverse("people:detail", args=[edition.slug, ada.pk])
    room = reverse("teams:list", args=[edition.slug], query={"q": "Amphi 8"})
    assert person in urls(search(edition, ada.email))
    assert room in urls(search(edition, "amphi"))
    assert reverse("editions:milestones", args=[edition.slug]) in urls(search(edition, "neige"))
    assert reverse("operations:server", args=[edition.slug]) in urls(search(edition, "serveur"))


def test_nothing_fits_says_so_and_no_text_lists_all_pages(edition, eve, client_of):
    browser, address = client_of(eve), reverse("site:search", args=[edition.slug])

    nothing = browser.get(address, {"q": "<b>zzz"}).content.decode()
    everything = browser.get(address).content.decode()

    assert "« &lt;b&gt;zzz" in nothing.replace("\u202f", " ").replace("\xa0", " ")
    assert reverse("judging:juries", args=[edition.slug]) in everything


def test_only_this_edition_is_searched(edition, team):
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "other", False
    other.save()

    assert not urls(search(other, team.name))


def test_two_queries(edition, team, django_assert_num_queries):
    with django_assert_num_queries(2):
        search(edition, team.name)
    with django_assert_num_queries(0):
        search(edition, " ")
