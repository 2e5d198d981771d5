"""The open pages of jurors, organizers and projectors after an event (`test_without_requests.py`).

Each must equal a page that is loaded then. What one organizer or projector fetches is named here.
"""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.edition_setup import PASSWORD, Organizer
from tests.browser.open_pages import (
    CEREMONY,
    CORRECT,
    EXTEND,
    HAND_IN,
    POLL,
    PUBLISH,
    REVEAL,
    STEP,
    WITHDRAW,
    OpenPage,
    all_right,
    of_path,
    open_page,
    restart,
    run,
)
from tests.browser.site import Person, Site, until_equal, until_live, until_reported

JUROR = ["/", "/jury/", "/sujets/"]
TEAMS = "/organisation/editions/ccd/equipes/"
RESULTS = "/organisation/resultats/"
ORGANIZER = ["/", "/annonces/", TEAMS, "/questions/file/", "/pilotage/", RESULTS]
PUBLIC = ["/ecran/", "/ceremonie/"]
# Of the control room, what an event changes. Its other blocks show ages.
BLOCKS = """() => ["windows", "day", "registrations"].flatMap((name) =>
    document.querySelector(`#block-${name}`).textContent.split(/\\s+/))"""
# One request for each event, of one organizer or projector.
MAY_ASK = {
    "/annonces/": "/annonces/",
    "/pilotage/": "/pilotage/",
    "/ecran/": "/ecran/scene/",
    "/ceremonie/": "/ceremonie/scene/",
    RESULTS: "/organisation/editions/ccd/resultats/",
}
MAY_POLL = {**MAY_ASK, "": POLL}  # while the server is away
AWAY = re.compile(r"net::ERR|WebSocket")
TYPED = "Le dessert est"


@pytest.fixture(scope="module")
def pages(
    chromium: Browser, edition_site: Site, organizer: Organizer
) -> Iterator[tuple[list[Person], list[OpenPage]]]:
    """The organizer is writing an announcement."""
    organizer.end_in(hours=1)
    people = [Person(chromium, edition_site, width=1280, height=800) for _ in range(3)]
    people[0].sign_in("dan@example.org", PASSWORD)
    people[1].sign_in("eve@example.org", PASSWORD)
    pages = [
        open_page(person, path, **({"read": BLOCKS} if path == "/pilotage/" else {}))
        for person, paths in zip(people, (JUROR, ORGANIZER, PUBLIC), strict=True)
        for path in paths
    ]
    of_path(pages, "/annonces/").locator("main textarea[name=body]").fill(TYPED)
    yield people, pages
    for person in people:
        person.context.close()


@pytest.fixture
def opened(
    pages: tuple[list[Person], list[OpenPage]], organizer: Organizer
) -> Iterator[list[OpenPage]]:
    people, opened = pages
    for each in opened:
        until_live(each.page)
        each.requests.clear()
        each.answered.clear()
    yield opened
    writing = of_path(opened, "/annonces/").locator("main textarea[name=body]")
    assert writing.input_value() == TYPED
    assert [e for person in people for e in person.errors if not AWAY.search(e)] == []


def test_an_announcement_published_corrected_and_withdrawn(
    opened: list[OpenPage], organizer: Organizer
) -> None:
    organizer.announce("Pizzas à vingt heures")
    all_right(opened, MAY_ASK)
    run(organizer, CORRECT)
    all_right(opened, MAY_ASK)
    run(organizer, WITHDRAW)
    all_right(opened, MAY_ASK)


def test_the_deadline_is_moved_for_all_and_for_a_team(
    opened: list[OpenPage], organizer: Organizer
) -> None:
    """The projector fetches once. The control room fetches its blocks, and once more for each
    instant that passes meanwhile.
    """
    screen, room = (
        next(each for each in opened if each.path == path) for path in ("/ecran/", "/pilotage/")
    )
    organizer.end_in(hours=1, minutes=10)
    all_right(opened, MAY_ASK)
    assert screen.requests == ["/ecran/scene/"]
    assert "/pilotage/blocs/" in room.requests
    run(organizer, EXTEND)
    all_right(opened, MAY_ASK)


def test_a_team_hands_in(opened: list[OpenPage], organizer: Organizer) -> None:
    run(organizer, HAND_IN)
    all_right(opened, {**MAY_ASK, TEAMS: TEAMS})


def test_a_brief_is_revealed(opened: list[OpenPage], organizer: Organizer) -> None:
    juror = of_path(opened, "/sujets/")
    run(organizer, REVEAL % "hours=1")
    organizer.announce("Après le sujet")
    all_right(opened, {**MAY_ASK, "": "/paquets/"})  # they have this message, and all before it
    assert "Zanzibar" not in juror.content()
    run(organizer, REVEAL % "seconds=3")
    expect(juror.locator("#briefs")).to_contain_text("Zanzibar")

    all_right(opened, {**MAY_ASK, "": "/paquets/"})


def test_the_server_restarts(
    opened: list[OpenPage], edition_site: Site, organizer: Organizer
) -> None:
    restart(edition_site, opened)
    organizer.end_in(hours=1, minutes=5)

    all_right(opened, MAY_POLL)


def test_the_deadline_and_the_grace_pass(opened: list[OpenPage], organizer: Organizer) -> None:
    organizer.end_in(seconds=4)
    over = of_path(opened, "/sujets/").locator("#clock")
    expect(over).to_contain_text("Heure limite passée")

    all_right(opened, MAY_ASK)


def test_a_step_of_the_ceremony_and_the_publication(
    opened: list[OpenPage], organizer: Organizer
) -> None:
    """The last test of this module: the edition is over then."""
    (screen,) = [each for each in opened if each.path == "/ceremonie/"]
    for act in (CEREMONY, STEP, PUBLISH):
        for each in opened:
            each.requests.clear()
        run(organizer, act)
        all_right(opened, MAY_ASK)
        until_equal(screen.page, lambda: set(screen.requests), {"/ceremonie/scene/"})


def types_of(frames: list[str]) -> set[str]:
    return {json.loads(text)["type"] for text in frames}


def test_a_page_that_was_just_loaded_fetches_nothing_for_what_it_contains(
    chromium: Browser, edition_site: Site, organizer: Organizer
) -> None:
    """An announcement was the last thing that happened, and the page fetches itself for each."""
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("eve@example.org", PASSWORD)
    person.stop_time()
    asked: list[str] = []
    person.page.on(
        "request", lambda request: asked.append(f"{request.resource_type} {request.url}")
    )
    received: list[str] = []
    person.page.on("websocket", lambda s: s.on("framereceived", lambda f: received.append(str(f))))
    organizer.announce("Juste avant")

    person.open("/annonces/")
    until_live(person.page)
    until_equal(person.page, lambda: "live.resumed" in types_of(received), True)
    person.page.clock.run_for(10_000)
    until_reported(person.page, asked)

    address = f"{edition_site.url}/annonces/"
    assert f"document {address}" in asked
    assert f"fetch {address}" not in asked
    assert not [name for name in types_of(received) if name.startswith("announcement")]
    person.context.close()
