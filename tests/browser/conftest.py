"""A running site and people with browsers, for tests in real Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import services
from tests.browser.site import CHROMIUM_FLAGS, Person, Site, running_site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Playwright's event loop runs in this thread while it is open, and
    Django refuses queries there: it must be closed before another module's tests.
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
