"""Open pages become right by what the socket and the clock bring. Those of students and of
everybody ask the server for nothing; what one organizer or projector fetches is named here.

After each event the page must equal what the server sends then.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.edition_setup import PASSWORD, SET_UP
from tests.browser.open_pages import (
    AWARDS,
    CEREMONY,
    COPIES,
    CORRECT,
    EXTEND,
    HAND_IN,
    POLL,
    PUBLISH,
    REVEAL,
    REVOKE,
    STEP,
    WITHDRAW,
    OpenPage,
    all_right,
    of_path,
    open_page,
    restart,
    run,
)
from tests.browser.site import Person, Site, running_site, until, until_equal, until_live

# The main button of the page is that of what the team hands in next.
FORMS = """() => [...document.querySelectorAll("[data-send], .deposit-more")]
    .map((element) => element.className)"""
DEADLINE = "Date.parse(document.querySelector('[data-day-end]').dataset.dayEnd)"
NOT_FOUND = "/nulle-part/"
TEAMS = "/organisation/editions/ccd/equipes/"
RESULTS = "/organisation/resultats/"
# Of the control room, what an event changes. Its other blocks show ages.
BLOCKS = """(body) => ["windows", "day", "registrations"].flatMap((name) =>
    body.querySelector(`#block-${name}`).textContent.split(/\\s+/))"""
UNFOLD = "document.querySelector('details.deposit-more')?.setAttribute('open', '')"
TYPED = "un texte en cours"
# While the server is away a browser reports each attempt; a page that polls asks for messages only.
AWAY = re.compile(r"net::ERR|WebSocket|status of 404")


@dataclass(frozen=True)
class Crowd:
    """The pages of each person, by address; "": of nobody. Something is being typed in one page.

    `may_ask`: one request for each event, of one organizer or projector.
    """

    pages: dict[str, list[str]]
    typed: tuple[str, str]
    may_ask: dict[str, str] = field(default_factory=dict)


CROWDS = {
    "students": Crowd(
        {
            "ada": ["/", "/rendu/", "/equipe/", "/annonces/", "/questions/", "/sujets/", NOT_FOUND],
            "": ["/", "/scelle/", "/palmares/", "/annonces/"],
        },
        ("/rendu/", ".deposit-more textarea"),
    ),
    "staff": Crowd(
        {
            "dan": ["/", "/jury/", "/sujets/"],
            "eve": ["/", "/annonces/", TEAMS, "/questions/file/", "/pilotage/", RESULTS],
            "": ["/ecran/", "/ceremonie/"],
        },
        ("/annonces/", "main textarea[name=body]"),
        {
            "/annonces/": "/annonces/",
            "/pilotage/": "/pilotage/",
            "/ecran/": "/ecran/scene/",
            "/ceremonie/": "/ceremonie/scene/",
            RESULTS: "/organisation/editions/ccd/resultats/",
        },
    ),
}


@pytest.fixture(scope="module", params=CROWDS)
def crowd(request) -> Crowd:
    return CROWDS[request.param]


@pytest.fixture(scope="module")
def edition_site(crowd) -> Iterator[Site]:
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP)
        yield site


@dataclass
class Opened:
    crowd: Crowd
    people: list[Person]
    pages: list[OpenPage]

    def all_right(self, more: Mapping[str, str | tuple[str, ...]] | None = None) -> None:
        all_right(self.pages, {**self.crowd.may_ask, **(more or {})})

    def forget(self) -> None:
        for each in self.pages:
            each.requests.clear()
            each.answered.clear()

    def page(self, path: str) -> Page:
        return of_path(self.pages, path)

    @property
    def typed(self) -> Any:
        path, field_of = self.crowd.typed
        return self.page(path).locator(field_of).first


@pytest.fixture(scope="module")
def everybody(crowd, chromium, edition_site, organizer) -> Iterator[Opened]:
    organizer.end_in(hours=1)
    run(organizer, AWARDS)
    opened = Opened(crowd, [], [])
    for name, paths in crowd.pages.items():
        person = Person(chromium, edition_site, width=1280, height=800)
        if name:
            person.sign_in(f"{name}@example.org", PASSWORD)
        opened.people.append(person)
        for path in paths:
            read = {"read": BLOCKS} if path == "/pilotage/" else {}
            opened.pages.append(open_page(person, path, **read))
    opened.page(crowd.typed[0]).evaluate(UNFOLD)
    opened.typed.fill(TYPED)
    yield opened
    for person in opened.people:
        person.context.close()


@pytest.fixture
def opened(everybody, organizer) -> Iterator[Opened]:
    """These pages, live, an hour before the deadline. What is being typed is kept to the end."""
    deadline = organizer.end_in(hours=1)
    for each in everybody.pages:
        until_live(each.page)
        if each.page.locator("[data-day-end]").count():
            until(each.page, f"Math.abs({DEADLINE} - {deadline.timestamp() * 1000}) < 2")
    everybody.forget()
    yield everybody
    assert everybody.typed.input_value() == TYPED
    assert [e for person in everybody.people for e in person.errors if not AWAY.search(e)] == []


def test_an_announcement_published_corrected_and_withdrawn(opened, organizer):
    organizer.announce("Pizzas à vingt heures")
    opened.all_right()
    run(organizer, CORRECT)
    opened.all_right()
    run(organizer, WITHDRAW)
    opened.all_right()


def test_the_deadline_is_moved_for_all_and_for_a_team(opened, organizer):
    """The projector fetches once. The control room fetches its blocks, and once more for each
    instant that passes meanwhile.
    """
    opened.all_right()
    opened.forget()
    organizer.end_in(hours=1, minutes=10)
    opened.all_right()
    asked = {each.path: each.requests for each in opened.pages}
    if "/ecran/" in asked:
        assert asked["/ecran/"] == ["/ecran/scene/"]
        assert "/pilotage/blocs/" in asked["/pilotage/"]
    run(organizer, EXTEND)
    opened.all_right()
    run(organizer, REVOKE)
    opened.all_right()


def test_a_team_hands_in(opened, organizer):
    own = [each.page for each in opened.pages if each.path == "/rendu/"]
    before = [page.evaluate(FORMS) for page in own]

    run(organizer, HAND_IN)

    opened.all_right({TEAMS: TEAMS, "/equipe/": "/galerie/"})  # its first work may be shown
    for page, forms in zip(own, before, strict=True):
        fresh = page.context.new_page()
        fresh.goto("/rendu/")
        wanted = fresh.evaluate(FORMS)
        assert wanted != forms
        until_equal(page, partial(page.evaluate, FORMS), wanted)
        fresh.close()


def test_the_deadline_and_the_grace_pass(opened, organizer):
    organizer.end_in(seconds=4)
    for each in opened.pages:
        if each.path in ("/rendu/", "/sujets/"):
            over = "document.querySelector('#clock').textContent.includes('Heure limite passée')"
            until(each.page, over)
    opened.all_right()


def test_a_brief_is_revealed(opened, organizer):
    page = opened.page("/sujets/")
    run(organizer, REVEAL % "hours=1")
    organizer.announce("Après le sujet")
    opened.all_right({"": COPIES})  # the pages have this message, and all before it
    assert not any("Zanzibar" in each.page.content() for each in opened.pages)

    run(organizer, REVEAL % "seconds=3")
    until(page, "document.querySelector('#briefs').textContent.includes('Zanzibar')")

    home = opened.page("/")
    if opened.crowd is CROWDS["students"]:
        until(home, "document.querySelector('#unread-brief').textContent.includes('sujet')")
    # The organizer wrote a brief; pages of the team name it, and questions may be about it.
    opened.all_right({"": (COPIES, "/compteurs/"), "/questions/": "/questions/"})


def test_the_server_restarts(opened, edition_site, organizer):
    restart(edition_site, opened.pages)
    organizer.end_in(hours=1, minutes=5)

    opened.all_right({"": (POLL, COPIES)})


def test_a_step_of_the_ceremony_and_the_publication(opened, organizer):
    """The last test of these pages: the edition is over then."""
    for act in (CEREMONY, STEP, PUBLISH):
        opened.forget()
        run(organizer, act)
        # The list leads to the decision once it may be read.
        opened.all_right({"/jury/": "/jury/", "": COPIES})
        for screen in (each for each in opened.pages if each.path == "/ceremonie/"):
            until_equal(screen.page, partial(set, screen.requests), {"/ceremonie/scene/"})
