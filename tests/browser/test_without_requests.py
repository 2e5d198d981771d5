"""Open pages become right by what the socket and the clock bring: they ask the server for nothing.

After each event the page must equal one that is loaded then.
"""

import functools
import itertools
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.edition_setup import PASSWORD, Organizer
from tests.browser.page_scripts import BACKGROUND, SLEEP, WRONG_CLOCK
from tests.browser.site import Person, Site, until, until_equal, until_live

pytestmark = pytest.mark.browser

# What a person reads, without what counts seconds.
READ = """() => {
    const copy = document.body.cloneNode(true);
    const away = ["template", "script", "[hidden]", ".toasts", ".foot", ".sr-only",
        "[data-countdown]", "[data-slot=left]", "[data-packages]", ".deposit-more", ".nav-count"];
    if (!document.body.dataset.user) away.push("nav"); // a stranger's has nothing that is live
    for (const element of copy.querySelectorAll(away.join(","))) element.remove();
    return copy.textContent.replace(/\\s+/g, " ").trim();
}"""
# The main button of the page is that of what the team hands in next.
FORMS = """() => [...document.querySelectorAll("[data-send], .deposit-more")]
    .map((element) => element.className)"""
BLOCKS = """() => ["windows", "day", "registrations"].map((name) =>
    document.querySelector(`#block-${name}`).textContent.replace(/\\s+/g, " "))"""
DEADLINE = "Date.parse(document.querySelector('[data-day-end]').dataset.dayEnd)"
SECONDS = re.compile(r"\d+:\d\d:\d\d")  # the projector says what time it is
STUDENT = ["/", "/rendu/", "/equipe/", "/annonces/", "/questions/", "/sujets/"]
PUBLIC = ["/", "/scelle/", "/palmares/"]
HAND_IN = """
from hackathon.core import clock
from submissions.deposits import services
from submissions.models import Deliverable
from hackathon.accounts.models import User
from teams.models import Team
now = clock.now()
services.deposit(Deliverable.objects.get(), Team.objects.get(), text="Un texte", begun_at=now,
    by=User.objects.get(email="ada@example.org"), at=now)
"""
REVEAL = """
from datetime import timedelta
from hackathon.core import clock
from hackathon.accounts.models import User
from hackathon.editions.models import Department
from hackathon.editions.services import briefs
now = clock.now()
briefs.save(department=Department.objects.get(), title="Zanzibar", body="* un site",
    published_at=now + timedelta(%(delta)s), by=User.objects.get(email="eve@example.org"), at=now)
"""
TYPED = "un texte en cours"
# While the server is away a browser reports each attempt; a page that polls asks for messages only.
AWAY = re.compile(r"net::ERR|WebSocket")
POLL = "/api/v1/live/"
PACKAGES = "/paquets/"
PACKAGES_EVERY = 190  # seconds; packages.js asks again by itself after 200 to 400
PUBLISH = """
from hackathon.core import clock
from hackathon.accounts.models import User
from hackathon.editions.models import Edition
from hackathon.editions.services import editions
from judging import live
edition, now = Edition.objects.get(), clock.now()
editions.publish_results(edition=edition, by=User.objects.get(email="eve@example.org"), at=now)
live.results_published(at=now)
"""


@dataclass
class OpenPage:
    page: Page
    path: str
    requests: list[str]

    def difference(self, fresh: Page) -> str:
        """Empty, or how it differs from a page that is loaded now."""
        fresh.goto(self.path)
        wanted, shown = fresh.evaluate(READ), self.page.evaluate(READ)
        return "" if wanted == shown else f"{self.path}\n{shown}\n{wanted}"


@pytest.fixture(scope="module")
def pages(
    chromium: Browser, edition_site: Site, organizer: Organizer
) -> Iterator[tuple[list[Person], list[OpenPage]]]:
    """A student's and a stranger's pages, which stay open. Something is being typed in one."""
    organizer.end_in(hours=1)
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
    yield opened
    assert of_path(opened, "/rendu/").locator("textarea").first.input_value() == TYPED
    assert [e for person in people for e in person.errors if not AWAY.search(e)] == []


def of_path(pages: list[OpenPage], path: str) -> Page:
    return next(opened.page for opened in pages if opened.path == path)


def open_page(person: Person, path: str, *scripts: str) -> OpenPage:
    page = person.context.new_page()
    for script in scripts:
        page.add_init_script(script)
    packages_at = time.monotonic()
    page.goto(path)
    until_live(page)
    page.wait_for_load_state("networkidle")  # what a page fetches when it is loaded
    requests: list[str] = []

    def record(request: Request) -> None:
        nonlocal packages_at
        path = urlsplit(request.url).path
        # `/lu/` stores on the server what this person has read.
        is_own = path.startswith("/static/") or path == "/lu/"
        if path == PACKAGES:
            is_own = time.monotonic() - packages_at > PACKAGES_EVERY
            packages_at = time.monotonic()
        if not is_own and request.resource_type != "document":
            requests.append(path)

    page.on("request", record)
    return OpenPage(page, path, requests)


def all_right(pages: list[OpenPage], ignored: str = "") -> None:
    """Waits until each page equals a fresh one, and checks that none has asked for anything else
    than `ignored`, whenever it did.
    """
    for context, its in itertools.groupby(pages, lambda opened: opened.page.context):
        fresh = context.new_page()
        for opened in its:
            difference = functools.partial(opened.difference, fresh)
            until_equal(opened.page, difference, "")
        fresh.close()
    asked = {opened.path: [p for p in opened.requests if p != ignored] for opened in pages}
    assert {path: paths for path, paths in asked.items() if paths} == {}


def test_an_announcement_published_corrected_and_withdrawn(
    opened: list[OpenPage], organizer: Organizer
) -> None:
    made = organizer.ask(
        "POST", "/api/v1/announcements/", audience="everyone", body="Pizzas à vingt heures"
    )
    all_right([page for page in opened if page.path != "/annonces/"])
    number = made["id"]
    organizer.site.manage("shell", "-v0", "-c", correct(number))
    all_right([page for page in opened if page.path != "/annonces/"])
    organizer.site.manage("shell", "-v0", "-c", withdraw(number))
    all_right(opened)


def correct(number: int) -> str:
    return f"""
from hackathon.core import clock
from hackathon.accounts.models import User
from hackathon.announcements.models import Announcement
from hackathon.announcements.services import announcements
announcements.correct(announcement=Announcement.objects.get(pk={number}), body="Pizzas à 21 h",
    pinned=False, by=User.objects.get(email="eve@example.org"), at=clock.now())
"""


def withdraw(number: int) -> str:
    return f"""
from hackathon.core import clock
from hackathon.accounts.models import User
from hackathon.announcements.models import Announcement
from hackathon.announcements.services import announcements
announcements.withdraw(announcement=Announcement.objects.get(pk={number}),
    by=User.objects.get(email="eve@example.org"), at=clock.now())
"""


def test_the_deadline_is_moved(opened: list[OpenPage], organizer: Organizer) -> None:
    organizer.end_in(hours=1, minutes=10)
    all_right(opened)


def test_a_team_hands_in(opened: list[OpenPage], organizer: Organizer) -> None:
    typed = of_path(opened, "/rendu/")
    before = typed.evaluate(FORMS)

    organizer.site.manage("shell", "-v0", "-c", HAND_IN)

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
    for delta in ("hours=1", "seconds=3"):
        assert not any("Zanzibar" in each.page.content() for each in opened)
        organizer.site.manage("shell", "-v0", "-c", REVEAL % {"delta": delta})
        page.wait_for_timeout(1000)

    until(page, "document.querySelector('#briefs').textContent.includes('Zanzibar')")

    all_right(opened, PACKAGES)  # the organizer wrote a brief


def test_the_server_restarts(
    opened: list[OpenPage], edition_site: Site, organizer: Organizer
) -> None:
    edition_site.stop()
    edition_site.start()
    for each in opened:
        until_live(each.page)

    organizer.end_in(hours=1, minutes=5)

    all_right(opened, POLL)


SLOW_CLOCK = WRONG_CLOCK.replace("600_000", "-600_000")
ASLEEP = f"{BACKGROUND};{SLEEP}"


@pytest.mark.parametrize(
    "script", [WRONG_CLOCK, SLOW_CLOCK, ASLEEP], ids=["fast-clock", "slow-clock", "asleep"]
)
def test_the_deadline_passes_on_a_strange_computer(
    script: str, chromium: Browser, edition_site: Site, organizer: Organizer
) -> None:
    organizer.end_in(hours=1)
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("ada@example.org", PASSWORD)
    page = open_page(person, "/rendu/", script)
    organizer.end_in(seconds=4)
    if script == ASLEEP:  # in a background tab, for an hour by its own clock
        page.page.evaluate("background.hide()")
        page.page.wait_for_timeout(5000)
        page.page.evaluate("slept.by = 3_600_000")
        page.page.evaluate("background.show()")

    until(page.page, "document.querySelector('#deposits-rule').dataset.accepts === 'no'")

    all_right([page])
    person.context.close()


def test_a_page_without_a_socket_follows_by_polling(
    chromium: Browser, edition_site: Site, organizer: Organizer
) -> None:
    organizer.end_in(hours=1)
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("ada@example.org", PASSWORD)
    page = person.context.new_page()
    page.route_web_socket(re.compile("/ws/live/"), lambda socket: socket.close(code=1011))
    page.goto("/rendu/")
    until_live(page, "polling")
    opened = OpenPage(page, "/rendu/", [])

    organizer.end_in(hours=1, minutes=20)

    all_right([opened])
    person.context.close()


def test_the_control_room_and_the_projector_follow_with_one_request_each(
    chromium: Browser, edition_site: Site, organizer: Organizer
) -> None:
    organizer.end_in(hours=1)
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("eve@example.org", PASSWORD)
    room, projector = open_page(person, "/pilotage/"), open_page(person, "/ecran/")
    fresh = person.context.new_page()

    organizer.end_in(hours=1, minutes=10)
    for page, path, read in ((room.page, "/pilotage/", BLOCKS), (projector.page, "/ecran/", READ)):

        def differs(page: Page = page, path: str = path, read: str = read) -> bool:
            """Both are read each time: a minute may pass."""
            fresh.goto(path)
            until_live(fresh)
            wanted, shown = fresh.evaluate(read), page.evaluate(read)
            return SECONDS.sub("", json.dumps(wanted)) != SECONDS.sub("", json.dumps(shown))

        until_equal(page, differs, False, path)
    assert projector.requests == ["/ecran/scene/"]
    # Other blocks are fetched because of their age too.
    (names,) = [path.split("/")[3] for path in room.requests if "day" in path]
    assert {"windows", "day", "registrations"} <= set(names.split(","))
    person.context.close()


def test_results_are_published(opened: list[OpenPage], organizer: Organizer) -> None:
    """The last test of this module: the edition is over then."""
    organizer.site.manage("shell", "-v0", "-c", PUBLISH)
    all_right(opened)
