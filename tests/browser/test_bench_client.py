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
from tests.browser.site import until_live

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

type Requests = list[tuple[str, str]]
QUIET = 4.0  # seconds without a request; counts.js waits up to 3.2 s


class BenchClient:
    """A tab of the benchmark, in an event loop of its own thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.tab: Tab | None = None

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def open(self, visitor: Visitor, path: str, port: int) -> None:
        async def load() -> Tab:
            tab = Tab(visitor, path, Ports(port, port, port))
            assert (await tab.load(scripts_of)).status == 200
            return tab

        self.tab = self._run(load())

    @property
    def requests(self) -> Requests:
        assert self.tab is not None
        return [(request.method, request.path) for request in list(self.tab.requests)]

    def close(self) -> None:
        async def close() -> None:
            if self.tab is not None:
                self.tab.close()
            await asyncio.sleep(0.1)

        self._run(close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def client() -> Iterator[BenchClient]:
    client = BenchClient()
    yield client
    client.close()


@pytest.mark.parametrize("path", ["/rendu/", "/annonces/", "/"])
def test_same_requests_as_a_browser(
    path: str, client: BenchClient, visit: Callable[..., Page], organizer: Organizer
) -> None:
    page = visit(path=path, email="ada@example.org")
    until_live(page)
    session = next(c["value"] for c in page.context.cookies() if c["name"] == "sessionid")
    port = urlsplit(page.url).port
    assert port is not None
    client.open(Visitor("student", str(session), 0), path, port)
    requests: Requests = []
    page.on("request", lambda request: _note(requests, request.method, request.url))
    until_quiet(page, client, requests)

    for event in (
        lambda: organizer.announce("Les pizzas sont là."),
        lambda: organizer.end_in(minutes=90),
        lambda: organizer.end_in(seconds=5),
    ):
        before, before_client = len(requests), len(client.requests)
        event()
        until_quiet(page, client, requests)
        made = sorted(requests[before:])
        assert sorted(client.requests[before_client:]) == made
    organizer.end_in(hours=2)


def _note(requests: Requests, method: str, url: str) -> None:
    parts = urlsplit(url)
    if not parts.path.startswith("/static/"):
        requests.append((method, parts.path + (f"?{parts.query}" if parts.query else "")))


def until_quiet(page: Page, client: BenchClient, requests: Requests) -> None:
    """Returns when neither has made a request for a while; at the earliest after 8 s."""
    began = changed_at = time.monotonic()
    counts = (0, 0)
    while time.monotonic() < max(changed_at + QUIET, began + 8):
        page.wait_for_timeout(100)
        now = (len(requests), len(client.requests))
        if now != counts:
            counts, changed_at = now, time.monotonic()
        assert time.monotonic() < began + 60
