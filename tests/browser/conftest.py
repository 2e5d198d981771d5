"""A running site and people with browsers, for tests in real Chromium."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import services
from tests.browser.evening import PASSWORD, SET_UP, Organizer
from tests.browser.road import Road
from tests.browser.site import CHROMIUM_FLAGS, Person, Site, running_site


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Playwright's event loop runs in this thread while it is open, and
    Django refuses queries there: it must be closed before the tests of another directory.
    """
    path = services.chromium_bin()
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site of its own for each test."""
    with running_site() as site:
        yield site


@pytest.fixture
def person(chromium: Browser, site: Site) -> Iterator[Callable[..., Person]]:
    """`person(width, height)` opens a browser; in the end no page may have complained."""
    people: list[Person] = []

    def arrive(width: int = 1366, height: int = 900) -> Person:
        people.append(Person(chromium, site, width=width, height=height))
        return people[-1]

    yield arrive
    for someone in people:
        someone.context.close()
    assert [error for someone in people for error in someone.errors] == []


# ---------------------------------------------------------------- one evening for a module's tests


@pytest.fixture(scope="module")
def evening() -> Iterator[Site]:
    """A site in the last hours of a day, one for all tests of a module."""
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP)
        yield site


@pytest.fixture(scope="module")
def organizer(evening: Site) -> Organizer:
    """Who moves the evening's deadline, and announces."""
    return Organizer(evening)


@pytest.fixture
def road(evening: Site) -> Iterator[Road]:
    """A network to the evening's site."""
    port = urlsplit(evening.url).port
    assert port is not None
    made = Road(services.free_port(), port)
    yield made
    made.close()


@pytest.fixture
def visit(chromium: Browser, evening: Site) -> Iterator[Callable[..., Page]]:
    """`visit(*shims, path=…, email=…, road=…)` opens a page of the evening in a browser of its own;
    further arguments are media features. In the end no page may have complained, but for what the
    browser itself reports of the networks and sessions that tests break.
    """
    people: list[Person] = []

    def arrive(
        *shims: str, path: str = "/", email: str = "", road: Road | None = None, **media: str
    ) -> Page:
        through = dataclasses.replace(evening, url=road.url) if road else evening
        person = Person(chromium, through, width=1280, height=800)
        people.append(person)
        for shim in shims:
            person.context.add_init_script(shim)
        if media:
            person.page.emulate_media(**media)  # type: ignore[arg-type]
        if email:
            person.sign_in(email, PASSWORD)
        person.open(path)
        return person.page

    yield arrive
    for person in people:
        person.context.close()
    errors = [error for person in people for error in person.errors]
    assert [e for e in errors if not re.search(r"net::ERR|status of|WebSocket|htmx:", e)] == []
