import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.live.audiences import EVERYONE, department_audience, team_audience
from hackathon.day.announcements.models import Announcement
from hackathon.day.control_room.views import BLOCKS
from hackathon.event.editions import rules
from hackathon.event.editions.models import Edition, Milestone
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON
from tests.control_room.conftest import PUBLIC, announce, text

HTMX = {"HX-Request": "true"}
ORGANIZERS = [
    "control_room:control",
    "announcements:new",
    "control_room:move",
    "control_room:freeze",
    "control_room:extension",
    "control_room:warn",
]


# ---------------------------------------------------------------- access


@pytest.mark.parametrize("name", [*PUBLIC, "announcements:list"])
@pytest.mark.parametrize("phase", ["none", "before", "running", "grace", "after", "published"])
def test_public_pages_render_in_every_phase(phase, name, comunik, dossier):
    edition = comunik.edition
    if phase == "none":
        Edition.objects.update(is_current=False)
    if phase == "published":
        Edition.objects.update(results_published_at=DEADLINE)
    at = {"before": edition.starts_at - timedelta(days=1), "running": NOON, "grace": DEADLINE}
    at |= {"after": DEADLINE + timedelta(hours=1), "published": DEADLINE + timedelta(hours=1)}

    with time_machine.travel(at.get(phase, NOON) + timedelta(seconds=1), tick=False):
        page = text(Client().get(reverse(name)))

    # Once the results are published, projectors show the winners.
    is_wall = phase == "published" and name in ("stage:projector", "stage:scene")
    assert ("Com’unik" in page) == (phase != "none" and name in PUBLIC and not is_wall)
    assert ("Bravo" in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)) == is_wall


def test_rooms_and_people_are_not_public(comunik, dossier):
    for name in PUBLIC:
        page = text(Client().get(reverse(name)))
        assert "214" not in re.sub(r'class="[^"]*"|<svg.*?</svg>', "", page)
        assert "ada" not in page.lower().split()


@pytest.mark.parametrize("name", ORGANIZERS)
def test_the_control_room_is_for_organizers_only(name, client_of, comunik, ada, dan, organizer):
    path = reverse(name)

    assert Client().get(path)["Location"].startswith(reverse("account_login"))
    assert client_of(ada).get(path).status_code == 404
    assert client_of(dan.user).get(path).status_code == 404
    assert organizer.get(path).status_code == 200


def test_a_disk_that_is_nearly_full_is_shown(organizer, comunik, settings):
    path = reverse("control_room:control")

    calm = text(organizer.get(path))
    settings.DISK_RESERVE = 10**18
    low = text(organizer.get(path))

    assert "sur le serveur" not in calm
    assert "Il reste" in low
    assert "plus aucun envoi ne pourra commencer" in low


@pytest.mark.parametrize("name", BLOCKS)
def test_each_block_has_the_address_of_its_fragment(name, client_of, organizer, comunik, dan, ada):
    path = blocks_url(name)

    fragment = text(organizer.get(path, headers=HTMX))

    assert fragment.lstrip().startswith(('<section class="card', '<div class="room-band"'))
    assert "<html" not in fragment
    assert f'id="block-{name}"' in fragment
    assert f'data-src="{reverse("control_room:blocks")}"' in fragment
    assert client_of(ada).get(path, headers=HTMX).status_code == 404


def test_one_request_fetches_several_blocks(organizer, edition):
    found = text(organizer.get(blocks_url("day", "figures"), headers=HTMX))
    unknown = organizer.get(blocks_url("day", "rien"), headers=HTMX)

    assert found.count('<section class="card') == 2
    assert 'id="block-day"' in found
    assert 'id="block-figures"' in found
    assert unknown.status_code == 404


@pytest.mark.parametrize("minutes", [-1, 1])
def test_a_milestone_is_shown_as_past_once_it_is(organizer, edition, minutes):
    Milestone.objects.create(edition=edition, kind="meal", label="Pizzas", at=NOON)

    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        found = text(organizer.get(blocks_url("day"), headers=HTMX))

    (item,) = re.findall(r"<li [^>]*>(?:(?!</li>).)*Pizzas", found, re.DOTALL)
    is_past = minutes > 0
    assert ("is-past" in item) == is_past
    # An open page fetches the block again then.
    refresh = re.search(r'<template data-at="([^"]+)"></template>', item)
    assert (refresh and datetime.fromisoformat(refresh[1])) == (None if is_past else NOON)


def test_an_unknown_block_or_team_is_404(organizer, edition):
    assert organizer.get(blocks_url("rien")).status_code == 404
    assert organizer.get(reverse("control_room:team", args=[404])).status_code == 404


def test_each_role_has_its_start_page(client_of, comunik, diane, ada, cleo, eve):
    pages = {eve: "/pilotage/", diane.user: "/jury/", ada: "/rendu/", cleo: "/equipe/"}

    for user, path in pages.items():
        assert client_of(user).get(reverse("site:start"))["Location"] == path
    assert "/compte/" in Client().get(reverse("site:start"))["Location"]


def test_the_navigation_depends_on_the_roles(client_of, comunik, dan, diane, max, ada, eve):  # noqa: A002
    def nav(user: User) -> list[str]:
        page = client_of(user).get(reverse("announcements:list"))
        return [item.label for item in page.context["nav"]]

    assert nav(ada) == ["Rendu", "Équipe", "Questions", "Sujets", "Annonces"]
    assert nav(max.user) == ["Jury", "Appels", "Questions", "La ronde", "Sujets", "Annonces"]
    assert nav(dan.user) == ["Jury", "Appels", "La ronde", "Sujets", "Annonces"]
    assert nav(diane.user) == ["Jury", "Délibération", "Appels", "La ronde", "Sujets", "Annonces"]
    assert nav(eve) == [
        "Pilotage",
        "Appels",
        "Organisation",
        "Écran",
        "Questions",
        "Sujets",
        "Annonces",
    ]
    Edition.objects.update(results_published_at=NOON)
    assert nav(ada)[-1] == "Palmarès"


# ---------------------------------------------------------------- announcements


def test_an_announcement_is_read_by_its_audience_only(client_of, comunik, pixels, ada, cleo, eve):
    edition = comunik.edition
    announce(edition, eve, EVERYONE, "pour-tous")
    announce(edition, eve, team_audience(comunik.pk), "pour-comunik")
    announce(edition, eve, department_audience(pixels.department_id), "pour-info")
    path = reverse("announcements:list")

    def read(browser: Client) -> set[str]:
        return set(re.findall(r"pour-\w+", text(browser.get(path))))

    assert read(Client()) == {"pour-tous"}
    assert read(client_of(ada)) == {"pour-tous", "pour-comunik"}
    assert read(client_of(cleo)) == {"pour-tous", "pour-info"}
    assert read(client_of(eve)) == {"pour-tous", "pour-comunik", "pour-info"}


@pytest.mark.parametrize("name", ["home", "stage:projector", "stage:scene"])
def test_public_pages_show_only_what_is_public_also_to_organizers(name, organizer, comunik, eve):
    announce(comunik.edition, eve, EVERYONE, "pour-tous")
    announce(comunik.edition, eve, team_audience(comunik.pk), "pour-comunik")

    page = text(organizer.get(reverse(name)))

    assert "pour-comunik" not in page
    assert "data-delay-seconds" not in page


def test_an_organizer_announces(organizer, comunik):
    answer = organizer.post(
        reverse("announcements:new"),
        {"audience": f"team:{comunik.pk}", "body": "Salle 104", "back": "announcements"},
    )

    made = Announcement.objects.get()
    assert answer["Location"] == reverse("announcements:list")
    assert (made.audience, made.audience_label) == (team_audience(comunik.pk), "Com’unik")


def test_the_control_room_waits_for_the_next_instant(edition, eve, client_of):
    band, organizer = blocks_url("band"), client_of(eve)

    def awaited(at: datetime) -> list[datetime]:
        with time_machine.travel(at, tick=False):
            page = text(organizer.get(band))
        return [datetime.fromisoformat(at) for at in re.findall(r'data-at="([^"]*)"', page)]

    grace_ends_at = rules.grace_ends_at(edition)
    assert awaited(NOON) == [DEADLINE]
    assert awaited(DEADLINE) == [DEADLINE]  # 23:00:00 is still on time
    assert awaited(DEADLINE + timedelta(seconds=1)) == [grace_ends_at]
    assert awaited(grace_ends_at + timedelta(seconds=1)) == []
