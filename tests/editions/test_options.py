"""Extras that an edition switches on and off."""

from typing import Any

import pytest
import time_machine
from django.urls import resolve, reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.core.extras import Extra
from hackathon.base.core.models import JournalEntry
from hackathon.base.live import fragments
from hackathon.event.editions.forms import OptionsForm
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions, options
from hackathon.event.roles import audiences_for
from tests.access.roles import browser_of
from tests.addresses import Route, World
from tests.conftest import NOON
from tests.responses import whole_response, without_rendering

EXTRAS = extras.installed()


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def routes_of_extras(world: World) -> list[Route]:
    """Of those that an edition switches."""
    return [
        route
        for route in world.routes()
        if extras.extra_of(resolve(route.url).func.__module__) in EXTRAS
    ]


def choose(world: World, *names: str) -> None:
    by = world.objects["organizer"]
    options.choose(edition=world.objects["edition"], names=names, by=by, at=NOON)


def test_what_is_off_is_nowhere_and_what_is_on_again_is_as_it_was(world, request):
    """Neither an address of an extra is found, nor a link to one on the pages of the core."""
    browsers = {role: browser_of(role, request) for role in ("ada", "eve", "dan", "anonymous")}
    routes = routes_of_extras(world)
    pages = ["home", "teams:mine", "submissions:deposits", "control_room:control", "teams:queue"]

    def statuses() -> dict[tuple[str, str], int]:
        """Files are read to their end, which closes them."""
        found = {}
        for role, browser in browsers.items():
            for route in routes:
                answer = browser.get(route.url)
                assert whole_response(answer)
                found[role, str(route)] = answer.status_code
        return found

    with without_rendering():
        before = statuses()
    choose(world)

    for role, browser in browsers.items():
        with without_rendering():
            for route in routes:
                for answer in (browser.get(route.url), browser.post(route.url)):
                    assert answer.status_code == 404, (role, route)
        for page in pages:
            html = browser.get(reverse(page)).content.decode()
            assert [route.name for route in routes if f'"{route.url}"' in html] == [], (role, page)

    choose(world, *EXTRAS)
    with without_rendering():
        assert statuses() == before


def test_an_address_is_found_by_the_edition_that_it_is_about(world, eve, client_of):
    """Not by the one that the site shows."""
    shown = world.objects["edition"]
    other = editions.clone(
        source=shown, slug="other", name="Other", starts_at=shown.starts_at, by=eve, at=NOON
    )
    options.choose(edition=other, names=[], by=eve, at=NOON)
    browser = client_of(eve)

    for extra in extras.registry:
        for page in extra.pages:
            of_shown, of_other = (reverse(page.url_name, args=[e.slug]) for e in (shown, other))
            assert browser.get(of_shown).status_code == 200
            assert browser.get(of_other).status_code == 404


def test_fragments_of_what_is_off_are_not_rendered(world):
    choose(world)
    edition = Edition.objects.get(pk=world.objects["edition"].pk)

    of_extras = [each for each in fragments.registry.fragments.values() if each.extra]
    everybody = [frozenset(audiences_for(user, edition)) for user in User.objects.all()]
    assert [fragments.viewers(each, edition, everybody) for each in of_extras] == [
        {} for _ in of_extras
    ]


def test_organizers_choose_and_the_journal_says_what(world, eve, client_of):
    page = reverse("editions:options", args=[world.objects["edition"].slug])
    browser = client_of(eve)

    browser.post(page, {"extras": EXTRAS[:1]})

    edition = Edition.objects.get(pk=world.objects["edition"].pk)
    assert edition.extras == EXTRAS[:1]
    entries = JournalEntry.objects.filter(act="edition.options_chosen")
    left_out = [{"on": [], "off": EXTRAS[1:]}] if EXTRAS[1:] else []
    assert [entry.detail for entry in entries] == left_out
    html = browser.get(page).content.decode()
    for extra in extras.with_switch():
        assert str(extra.sentence) in html
    assert html.count("checked") == len(EXTRAS[:1])


def test_an_extra_of_the_whole_site_has_no_switch_and_is_on_where_it_is_installed(
    settings, monkeypatch, edition
):
    monkeypatch.setitem(extras.registry._extras, "site", Extra("site", "Site", of_site=True))
    before = extras.is_on("site", edition)
    settings.EXTRAS = [*settings.EXTRAS, "site"]

    assert extras.installed() == EXTRAS
    assert "site" not in dict(OptionsForm(edition=edition).fields["extras"].choices)
    assert (before, extras.is_on("site", edition), extras.is_on("site", None)) == (
        False,
        True,
        True,
    )


def test_what_is_not_installed_stays_chosen(world, eve):
    edition = world.objects["edition"]
    Edition.objects.update(extras=["of another server", *EXTRAS])

    options.choose(edition=edition, names=[], by=eve, at=NOON)

    assert Edition.objects.get(pk=edition.pk).extras == ["of another server"]


@pytest.mark.parametrize(("chosen", "begins_with"), [("essential", []), ("all", EXTRAS)])
def test_a_new_edition_begins_with_the_essentials_or_with_all(chosen, begins_with, eve, client_of):
    User.objects.filter(pk=eve.pk).update(is_superuser=True)
    new = {"name": "Nuit", "day": "2020-03-13", "timezone": "Europe/Paris", "options": chosen}

    client_of(eve).post(reverse("editions:create"), new)

    made = Edition.objects.get(name="Nuit")
    assert made.extras == begins_with
    clone = editions.clone(
        source=made, slug="clone", name="Clone", starts_at=made.starts_at, by=eve, at=NOON
    )
    assert clone.extras == begins_with


def test_who_wants_to_choose_is_led_to_the_options(eve, client_of):
    User.objects.filter(pk=eve.pk).update(is_superuser=True)
    new = {"name": "Nuit", "day": "2020-03-13", "timezone": "Europe/Paris", "options": "choose"}

    answer = client_of(eve).post(reverse("editions:create"), new)

    assert answer["Location"] == reverse("editions:options", args=["nuit"])
