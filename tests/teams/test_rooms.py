import re
from typing import Any

import pytest
from django.test import Client

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from teams.models import Placement, Room, Team
from teams.selectors.rooms import offer
from teams.services import rooms
from tests.conftest import NOON, make_team, make_user
from tests.queries import queries_of
from tests.teams.conftest import published, text_of

pytestmark = pytest.mark.time_machine(NOON, tick=False)

ROOMS = "/organisation/editions/ccd-2020/salles/"
PLACEMENT = f"{ROOMS}placement/"


@pytest.fixture
def browser(client_of, eve) -> Client:
    return client_of(eve)


@pytest.fixture
def five(infocom, db) -> Team:
    people = [make_user(f"five{n}@example.org", f"P{n}") for n in range(5)]
    return make_team(infocom, "Les Five", *people)


def add_rooms(edition: Edition, **places: int) -> None:
    for position, (name, n) in enumerate(places.items()):
        Room.objects.create(edition=edition, name=name, floor=1, places=n, position=position)


def key_in(page: Any) -> str:
    found = re.search(r'name="key" value="(\w+)"', text_of(page))
    assert found
    return found[1]


def plain(response: Any) -> str:
    return " ".join(text_of(response).split())


def where() -> dict[str, tuple[str, int | None]]:
    return {t.name: (t.room, t.floor) for t in Team.objects.all()}


def test_rooms_are_pasted_from_a_spreadsheet(browser, edition):
    pasted = (
        "Salle\tÉtage\tPlaces\r\nB12\t1er\t30\t\t\r\nAmphi  Lovelace\tRDC\t120\r\nHall ; 40\r\n"
    )

    saved = browser.post(ROOMS, {"rooms": pasted})

    assert saved.status_code == 302
    rows = list(Room.objects.values_list("name", "floor", "places"))
    assert rows == [("B12", 1, 30), ("Amphi Lovelace", 0, 120), ("Hall", None, 40)]
    shown = browser.get(ROOMS).context["form"]["rooms"].value()
    assert shown == "B12 ; 1 ; 30\nAmphi Lovelace ; 0 ; 120\nHall ;  ; 40"
    assert JournalEntry.objects.get(act="rooms.written").detail == {"n": 3, "places": 190}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("B12", "il faut la salle"),
        ("B12 ; 1 ; 30 ; x", "il faut la salle"),
        (" ; 1 ; 30", "le nom de la salle manque"),
        ("\t1\t30", "le nom de la salle manque"),
        ("B12 ; 1 ;", "«  » n’est pas un nombre de places"),
        ("x" * 41 + " ; 1 ; 30", "le nom de la salle manque"),
        ("B12 ; grenier ; 30", "« grenier » n’est pas un étage"),
        ("B12 ; 1 ; beaucoup", "« beaucoup » n’est pas un nombre de places"),
        ("B12 ; 1 ; 0", "« 0 » n’est pas un nombre de places"),
        ("b13 ; 1 ; 30", "« b13 » y est deux fois"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_lost(browser, edition, line, why):
    typed = f"B13 ; 1 ; 20\n{line}"

    refused = browser.post(ROOMS, {"rooms": typed})

    assert refused.status_code == 422
    (error,) = refused.context["form"].errors["rooms"]
    assert f"Ligne 2 : {why}" in error.replace("\xa0", " ")
    assert refused.context["form"]["rooms"].value() == typed
    assert not Room.objects.exists()


def test_two_organizers_who_edit_the_rooms_lose_nothing(browser, edition):
    add_rooms(edition, B12=30)
    opened = browser.get(ROOMS).context["form"]["opened"].value()
    Room.objects.update(places=28)  # somebody else

    typed = "B12 ; 1 ; 30\nB13 ; 1 ; 10"
    refused = browser.post(ROOMS, {"rooms": typed, "opened": opened})
    untouched = browser.post(ROOMS, {"rooms": "B12 ; 1 ; 30", "opened": opened})

    assert (refused.status_code, untouched.status_code) == (422, 302)
    assert "B12 ; 1 ; 28" in refused.context["form"].errors["rooms"][0]
    assert list(Room.objects.values_list("name", "places")) == [("B12", 28)]


def test_teams_are_placed_after_a_preview_and_it_is_undone(browser, comunik, five, edition):
    add_rooms(edition, B12=4, B13=6)
    preview = browser.get(PLACEMENT)

    before = where()
    applied = browser.post(PLACEMENT, {"key": key_in(preview)})
    after = where()
    page = browser.get(ROOMS)
    undone = browser.post(f"{PLACEMENT}{Placement.objects.get().pk}/annuler/")

    assert before == {"Com’unik": ("214", 2), "Les Five": ("", None)}
    assert (applied.status_code, undone.status_code) == (302, 302)
    assert after == {"Com’unik": ("214", 2), "Les Five": ("B13", 1)}
    assert "1 équipe, " in plain(page)
    assert "Com’unik (214)" in plain(page)  # in a room that is not on the list
    assert where() == before
    assert not Placement.objects.exists()
    acts = ["teams.placed", "teams.placement_undone"]
    assert list(JournalEntry.objects.order_by("pk").values_list("act", flat=True)) == acts
    assert ("everyone", "team.updated") in published()


def test_placed_teams_move_only_if_one_asks(browser, comunik, five, edition):
    add_rooms(edition, B12=4, B13=6)

    preview = browser.get(PLACEMENT, {"moves": "on"})
    browser.post(PLACEMENT, {"key": key_in(preview), "moves": "on"})

    assert where() == {"Com’unik": ("B12", 1), "Les Five": ("B13", 1)}


def test_who_does_not_fit_is_named(browser, five, edition):
    add_rooms(edition, B12=4)

    page = browser.get(PLACEMENT)

    text = plain(page)
    assert "1 équipe ne tient nulle part" in text
    assert "5 membres, la plus grande salle a 4 places" in text
    assert "disabled" in text[text.index('name="key"') :]


@pytest.mark.parametrize("change", ["room", "team"])
def test_what_changed_after_the_preview_is_shown_first(browser, comunik, five, edition, change):
    add_rooms(edition, B12=6, B13=6)
    preview = browser.get(PLACEMENT)
    if change == "room":
        Room.objects.filter(name="B12").update(places=4)
    else:
        Team.objects.filter(pk=comunik.pk).update(room="B12")

    refused = browser.post(PLACEMENT, {"key": key_in(preview)})
    unchanged = where()["Les Five"]
    applied = browser.post(PLACEMENT, {"key": key_in(refused)})

    assert (refused.status_code, applied.status_code) == (422, 302)
    assert "Entre-temps, une équipe ou une salle a changé" in text_of(refused)
    assert unchanged == ("", None)
    assert where()["Les Five"] == ("B13", 1)


def test_undo_leaves_a_team_that_moved_again(comunik, five, edition, eve):
    add_rooms(edition, B13=7)
    key = offer(edition, moves=True).key
    placement = rooms.place(edition, key=key, moves=True, by=eve, at=NOON)
    Team.objects.filter(pk=five.pk).update(room="Hall")

    back = rooms.undo(placement, by=eve, at=NOON)

    assert back == 1
    assert where() == {"Com’unik": ("214", 2), "Les Five": ("Hall", 1)}


def test_a_room_that_becomes_overfull_by_hand_is_said(browser, comunik, five, edition):
    add_rooms(edition, B13=6)
    Team.objects.filter(pk=five.pk).update(room="B13")

    one = browser.post(f"/organisation/equipes/{comunik.pk}/salle/", {"room": "b13"}, follow=True)
    page = browser.get(ROOMS)

    assert "La salle « B13 » a 7 personnes pour 6 places." in text_of(one).replace("\xa0", " ")
    assert "1 de trop" in plain(page)


def test_the_pages_ask_as_much_for_three_teams_as_for_one(browser, comunik, five, infocom, edition):
    add_rooms(edition, B12=4, B13=6)

    def count(url: str) -> int:
        return queries_of(lambda: browser.get(url))

    few = [count(ROOMS), count(PLACEMENT)]
    for n in range(3):
        make_team(infocom, f"Équipe {n}", make_user(f"x{n}@example.org"))
        Room.objects.create(edition=edition, name=f"C{n}", places=9, position=9)

    assert [count(ROOMS), count(PLACEMENT)] == few
