import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, sync_playwright

from tests import services
from tests.browser.edition_setup import PASSWORD, SET_UP, Organizer
from tests.browser.other_hosts import OtherHosts
from tests.browser.site import CHROMIUM_FLAGS, Person, Site, running_site
from tests.browser.slow_network import SlowNetwork
from tests.waiting import PATIENCE

# Pages close soon: to compile their scripts for speed costs more than it saves.
FOR_SHORT_PAGES = "--js-flags=--no-maglev --no-turbofan --single-threaded-gc"


@pytest.fixture(scope="package")
def other_hosts() -> Iterator[OtherHosts]:
    hosts = OtherHosts()
    yield hosts
    hosts.close()


@pytest.fixture(scope="package")
def chromium(other_hosts) -> Iterator[Browser]:
    """The system's Chromium. Playwright's event loop runs in this thread while it is open, and
    Django refuses queries there: it must be closed before the tests of another directory.
    """
    if services.chromium_bin() is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = _launched(playwright.chromium, services.headless_chromium_bin(), other_hosts)
        yield browser
        browser.close()


@pytest.fixture
def whole_chromium(chromium, other_hosts) -> Iterator[Browser]:
    """For what the headless shell lacks: notifications and the back-forward cache."""
    ignored = ["--disable-back-forward-cache"]
    browser = _launched(chromium.browser_type, services.chromium_bin(), other_hosts, ignored)
    yield browser
    browser.close()


def _launched(
    kind: BrowserType, path: str | None, other_hosts: OtherHosts, ignored: Sequence[str] = ()
) -> Browser:
    args = [*CHROMIUM_FLAGS, FOR_SHORT_PAGES]
    browser = kind.launch(executable_path=path, args=args, ignore_default_args=ignored)
    # Of the contexts: what Chromium itself asks its makers does not concern the pages.
    open_context = partial(browser.new_context, proxy=other_hosts.proxy)

    def new_context(**options: Any) -> BrowserContext:
        context = open_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        return context

    browser.new_context = new_context
    return browser


@pytest.fixture(autouse=True)
def _pages_of_a_failed_test_are_closed(request) -> Iterator[None]:
    """A page that stays open takes processor time from all tests after it."""
    if "chromium" not in request.fixturenames:
        yield
        return
    browser: Browser = request.getfixturevalue("chromium")
    before = list(browser.contexts)
    yield
    for context in browser.contexts:
        if context not in before:
            context.close()


@pytest.fixture(autouse=True)
def _no_page_asks_another_host(request) -> Iterator[None]:
    yield
    if "chromium" in request.fixturenames:
        assert request.getfixturevalue("other_hosts").asked() == []


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


@pytest.fixture
def person(chromium, site) -> Iterator[Callable[..., Person]]:
    """`person(width, height)` opens a browser context. No page may log an error until the end."""
    people: list[Person] = []

    def open_browser(width: int = 1366, height: int = 900) -> Person:
        people.append(Person(chromium, site, width=width, height=height))
        return people[-1]

    yield open_browser
    for someone in people:
        someone.context.close()
    assert [error for someone in people for error in someone.errors] == []


# ---------------------------------------------------------------- one edition for a module


@pytest.fixture(scope="module")
def edition_site() -> Iterator[Site]:
    """A site with an edition two hours before its deadline, one for all tests of a module."""
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP)
        yield site


@pytest.fixture(scope="module")
def organizer(edition_site) -> Organizer:
    return Organizer(edition_site)


@pytest.fixture
def network(edition_site) -> Iterator[SlowNetwork]:
    with contextlib.closing(SlowNetwork(edition_site.url)) as network:
        yield network


@pytest.fixture
def visit(chromium, edition_site) -> Iterator[Callable[..., Page]]:
    """`visit(*scripts, path=…, email=…, network=…)` opens a page in a new browser context.

    `scripts` run before those of the page; further arguments are media features. The clock and the
    timers of a `stopped` page go on only with `page.clock.run_for`; its requests and socket do. At
    the end no page may have logged an error, except about connections and sessions that tests
    break.
    """
    people: list[Person] = []

    def open_browser(
        *scripts: str,
        path: str = "/",
        email: str = "",
        network: SlowNetwork | None = None,
        browser: Browser = chromium,
        stopped: bool = False,
        **media: str,
    ) -> Page:
        site = dataclasses.replace(edition_site, url=network.url) if network else edition_site
        person = Person(browser, site, width=1280, height=800)
        people.append(person)
        if stopped:
            person.stop_time()
        for script in scripts:
            person.context.add_init_script(script)
        if media:
            person.page.emulate_media(**media)
        if email:
            person.sign_in(email, PASSWORD)
        person.open(path)
        return person.page

    yield open_browser
    for person in people:
        person.context.close()
    errors = [error for person in people for error in person.errors]
    assert [e for e in errors if not re.search(r"net::ERR|status of|WebSocket|htmx:", e)] == []
