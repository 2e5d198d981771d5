"""Open pages become right by what the socket and the clock bring: they ask the server for nothing.

After each event the page must equal one that is loaded then. The pages of jurors and organizers:
`test_without_requests_staff.py`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.edition_setup import PASSWORD, Organizer
from tests.browser.open_pages import (
    AWARDS,
    CORRECT,
    EXTEND,
    HAND_IN,
    PACKAGES,
    POLL,
    PUBLISH,
    REVEAL,
    REVOKE,
    WITHDRAW,
    OpenPage,
    all_right,
    of_path,
    open_page,
    restart,
    run,
)
from tests.browser.page_scripts import BACKGROUND, SLEEP, WRONG_CLOCK
from tests.browser.site import Person, Site, until, until_equal, until_live
from tests.waiting import wait_until

# The main button of the page is that of what the team hands in next.
FORMS = """() => [...document.querySelectorAll("[data-send], .deposit-more")]
    .map((element) => element.className)"""
DEADLINE = "Date.parse(document.querySelector('[data-day-end]').dataset.dayEnd)"
NOT_FOUND = "/nulle-part/"
STUDENT = ["/", "/rendu/", "/equipe/", "/annonces/", "/questions/", "/sujets/", NOT_FOUND]
PUBLIC = ["/", "/scelle/", "/palmares/", "/annonces/"]
TYPED = "un texte en cours"
# While the server is away a browser reports each attempt; a page that polls asks for messages only.
AWAY = re.compile(r"net::ERR|WebSocket|status of 404")


@pytest.fixture(scope="module")
def pages(
    chromium: Browser, edition_site: Site, organizer: Organizer
) -> Iterator[tuple[list[Person], list[OpenPage]]]:
    """A student's and a stranger's pages, which stay open. Something is being typed in one."""
    organizer.end_in(hours=1)
    run(organizer, AWARDS)
    student = Person(chromium, edition_site, width=1280, height=800)
    stranger = Person(chromium, edition_site, width=1280, height=800)
    student.sign_in("ada@example.org", PASSWORD)
    pages = [open_page(student, path) for path in STUDENT]
    pages += [open_page(stranger, path) for path in PUBLIC]
    typed = of_path(pages, "/rendu/")
    typed.locator("details.deposit-more").first.evaluate("e => e.open = true")
    typed.locator("textarea").first.fill(TYPED)
    yield [student, stranger], pages
    for person in (student, stranger):
        person.context.close()


@pytest.fixture
def opened(
    pages: tuple[list[Person], list[OpenPage]], organizer: Organizer
) -> Iterator[list[OpenPage]]:
    """These pages, live, an hour before the deadline. What is being typed is kept to the end."""
    people, opened = pages
    deadline = organizer.end_in(hours=1)
    for each in opened:
        until_live(each.page)
        until(each.page, f"Math.abs({DEADLINE} - {deadline.timestamp() * 1000}) < 2")
        each.requests.clear()
        each.answered.clear()
    yield opened
    assert of_path(opened, "/rendu/").locator("textarea").first.input_value() == TYPED
    assert [e for person in people for e in person.errors if not AWAY.search(e)] == []


def test_an_announcement_published_corrected_and_withdrawn(
    opened: list[OpenPage], organizer: Organizer
) -> None:
    organizer.announce("Pizzas à vingt heures")
    all_right(opened)
    run(organizer, CORRECT)
    all_right(opened)
    run(organizer, WITHDRAW)
    all_right(opened)


def test_the_deadline_is_moved(opened: list[OpenPage], organizer: Organizer) -> None:
    organizer.end_in(hours=1, minutes=10)
    all_right(opened)


def test_a_team_gets_more_time(opened: list[OpenPage], organizer: Organizer) -> None:
    run(organizer, EXTEND)
    all_right(opened)
    run(organizer, REVOKE)
    all_right(opened)


def test_a_team_hands_in(opened: list[OpenPage], organizer: Organizer) -> None:
    typed = of_path(opened, "/rendu/")
    before = typed.evaluate(FORMS)

    run(organizer, HAND_IN)

    all_right(opened)
    fresh = typed.context.new_page()
    fresh.goto("/rendu/")
    wanted = fresh.evaluate(FORMS)
    assert wanted != before
    until_equal(typed, lambda: typed.evaluate(FORMS), wanted)


def test_the_deadline_and_the_grace_pass(opened: list[OpenPage], organizer: Organizer) -> None:
    organizer.end_in(seconds=4)
    rendu = of_path(opened, "/rendu/")
    until(rendu, "document.querySelector('#deposits-rule').dataset.accepts === 'no'")
    all_right(opened)


def test_a_brief_is_revealed(opened: list[OpenPage], organizer: Organizer) -> None:
    page = of_path(opened, "/sujets/")
    run(organizer, REVEAL % "hours=1")
    organizer.announce("Après le sujet")
    all_right(opened, {"": PACKAGES})  # the pages have this message, and all before it
    assert not any("Zanzibar" in each.page.content() for each in opened)

    run(organizer, REVEAL % "seconds=3")
    until(page, "document.querySelector('#briefs').textContent.includes('Zanzibar')")

    all_right(opened, {"": PACKAGES})  # the organizer wrote a brief


def test_the_server_restarts(
    opened: list[OpenPage], edition_site: Site, organizer: Organizer
) -> None:
    restart(edition_site, opened)
    organizer.end_in(hours=1, minutes=5)

    all_right(opened, {"": POLL})


SLOW_CLOCK = WRONG_CLOCK.replace("600_000", "-600_000")
ASLEEP = f"{BACKGROUND};{SLEEP}"


@pytest.mark.parametrize(
    "script", [WRONG_CLOCK, SLOW_CLOCK, ASLEEP], ids=["fast-clock", "slow-clock", "asleep"]
)
def test_the_deadline_passes_with_a_wrong_or_stopped_clock(
    script: str, chromium: Browser, edition_site: Site, organizer: Organizer
) -> None:
    organizer.end_in(hours=1)
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("ada@example.org", PASSWORD)
    page = open_page(person, "/rendu/", script)
    deadline = organizer.end_in(seconds=4)
    if script == ASLEEP:  # in a background tab, for an hour by its own clock
        page.page.evaluate("background.hide()")
        wait_until(lambda: datetime.now(UTC) > deadline)
        page.page.evaluate("slept.by = 3_600_000")
        page.page.evaluate("background.show()")

    until(page.page, "document.querySelector('#deposits-rule').dataset.accepts === 'no'")

    all_right([page])
    person.context.close()


def test_a_page_without_a_socket_follows_by_polling(
    chromium: Browser, edition_site: Site, organizer: Organizer
) -> None:
    def without_sockets(page: Page) -> None:
        page.route_web_socket(re.compile("/ws/live/"), lambda socket: socket.close(code=1011))

    organizer.end_in(hours=1)
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("ada@example.org", PASSWORD)
    polling = open_page(person, "/rendu/", before=without_sockets, state="polling")
    organizer.announce("Sans socket")
    organizer.end_in(hours=1, minutes=20)

    all_right([polling], {"": POLL})
    person.context.close()


def test_results_are_published(opened: list[OpenPage], organizer: Organizer) -> None:
    """The last test of this module: the edition is over then."""
    run(organizer, PUBLISH)
    all_right(opened)
