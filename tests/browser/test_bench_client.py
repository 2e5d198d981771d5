"""The client of `bench.night` makes the same requests as a browser."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from bench.night.page import scripts_of
from bench.night.tab import Ports, Tab, Visitor
from tests.browser.edition_setup import Organizer
from tests.browser.open_pages import CEREMONY, HAND_IN, PUBLISH, run
from tests.browser.page_scripts import WITHOUT_MINUTES
from tests.browser.site import PATIENCE, until_live

type Requests = list[tuple[str, str]]
QUIET = 4.0  # seconds without a request; counts.js waits up to 3.2 s
DEADLINE = 5.0  # seconds until it passes


class BenchClient:
    """A tab of the benchmark, in an event loop of its own thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.tab: Tab | None = None

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def open(self, visitor: Visitor, path: str, port: int) -> None:
        async def load() -> Tab:
            tab = Tab(visitor, path, Ports(port, port, port))
            assert (await tab.load(scripts_of)).status == 200
            return tab

        self.tab = self._run(load())

    @property
    def requests(self) -> Requests:
        assert self.tab is not None
        made = list(self.tab.requests)
        return [(request.method, request.path) for request in made if not request.periodic]

    def close(self) -> None:
        async def close() -> None:
            if self.tab is not None:
                self.tab.close()
            await asyncio.sleep(0.1)

        self._run(close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class TwoTabs:
    """The same page in the browser and in the benchmark, with what both have requested."""

    def __init__(self, page: Page, path: str) -> None:
        self.page, self.path, self.client = page, path, BenchClient()
        session = next(c["value"] for c in page.context.cookies() if c["name"] == "sessionid")
        port = urlsplit(page.url).port
        assert port is not None
        self.client.open(Visitor("student", str(session), 0), path, port)
        self.in_browser: Requests = []
        page.on("request", lambda request: _note(self.in_browser, request.method, request.url))

    def counts(self) -> tuple[int, int]:
        return len(self.in_browser), len(self.client.requests)

    def since(self, counts: tuple[int, int]) -> tuple[Requests, Requests]:
        browser, client = counts
        return sorted(self.in_browser[browser:]), sorted(self.client.requests[client:])


@pytest.fixture
def tabs(visit: Callable[..., Page]) -> Iterator[list[TwoTabs]]:
    """Side by side: the test waits for a silence after each event."""
    tabs = []
    for path in ("/rendu/", "/annonces/", "/", "/sujets/", "/palmares/", "/ceremonie/"):
        page = visit(WITHOUT_MINUTES, path=path, email="ada@example.org")
        until_live(page)
        tabs.append(TwoTabs(page, path))
    yield tabs
    for tab in tabs:
        tab.client.close()


def test_same_requests_as_a_browser(tabs: list[TwoTabs], organizer: Organizer) -> None:
    until_quiet(tabs, QUIET)

    def much() -> None:
        organizer.announce("Les pizzas sont là.")
        organizer.end_in(minutes=90)
        run(organizer, HAND_IN)

    for event, wait in (
        (much, QUIET),
        (lambda: organizer.end_in(seconds=DEADLINE), DEADLINE + QUIET),
        (lambda: run(organizer, CEREMONY), QUIET),
        (lambda: run(organizer, PUBLISH), QUIET),
    ):
        before = [tab.counts() for tab in tabs]
        event()
        until_same_and_quiet(tabs, before, wait)


def _note(requests: Requests, method: str, url: str) -> None:
    parts = urlsplit(url)
    if not parts.path.startswith("/static/"):
        requests.append((method, parts.path + (f"?{parts.query}" if parts.query else "")))


def until_same_and_quiet(tabs: list[TwoTabs], before: list[tuple[int, int]], wait: float) -> None:
    """On a busy machine one of both may be later than the other."""
    end = time.monotonic() + PATIENCE
    while True:
        until_quiet(tabs, wait)
        found = {tab.path: tab.since(at) for tab, at in zip(tabs, before, strict=True)}
        differing = {path: both for path, both in found.items() if both[0] != both[1]}
        if not differing:
            return
        assert time.monotonic() < end, differing


def until_quiet(tabs: list[TwoTabs], wait: float) -> None:
    """Returns when none has made a request for a while; at the earliest after `wait` seconds."""
    began = changed_at = time.monotonic()
    counts = [tab.counts() for tab in tabs]
    while time.monotonic() < max(changed_at + QUIET, began + wait):
        tabs[0].page.wait_for_timeout(100)
        if (now := [tab.counts() for tab in tabs]) != counts:
            counts, changed_at = now, time.monotonic()
