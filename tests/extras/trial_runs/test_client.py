import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any

import httpx
import pytest
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from hackathon.event.editions.models import Edition
from hackathon.extras.trial_runs import event
from hackathon.extras.trial_runs.demo.people import Cast, Plan
from hackathon.extras.trial_runs.event import AttentiveTab, Event
from hackathon.run.page_client import live
from hackathon.run.page_client.client import Browser, Notes, Person, Site
from tests.waiting import PATIENCE, pause

pytestmark = pytest.mark.system

TEXT = "Annonce 1 de la répétition"
MADE_AFTER = 7  # the newest message when the page was made


def message(number: int, kind: str = "announcement.published") -> str:
    html = f"<p>{TEXT}</p>"
    return json.dumps({"type": kind, "id": number, "data": {"html": html, "complete": True}})


class LiveServer:
    """Answers sockets with `say`, then closes them, and polls with no message."""

    def __init__(self, *say: list[str], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._say, self._status = iter(say), status
        self.resumed_after: list[int] = []

    async def socket(self, socket: ServerConnection) -> None:
        resumption = json.loads(await socket.recv())
        self.resumed_after.append(resumption["after"])
        for each in next(self._say):
            await socket.send(each)
        if len(self.resumed_after) == 3:
            await socket.wait_closed()

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        if not request.path.startswith("/api/"):
            refused = None if self._status == HTTPStatus.OK else self._status
            return connection.respond(refused, "") if refused else None
        content = {"messages": [json.loads(message(9))], "fragments": [], "last": 9}
        return connection.respond(HTTPStatus.OK, json.dumps(content | {"complete": True}))


@pytest.fixture
def soon(monkeypatch) -> None:
    """A lost socket is opened again at once."""
    monkeypatch.setattr(live, "BACKOFF_SECONDS", (0,))
    monkeypatch.setattr(live, "RETRY_SECONDS", {True: 0, False: 0})


@asynccontextmanager
async def tab_on(server: LiveServer) -> AsyncIterator[AttentiveTab]:
    async with serve(server.socket, "127.0.0.1", 0, process_request=server.answer) as listening:
        notes = Notes()
        notes.announced[TEXT] = (time.time(), [])
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        browser = Browser(Person("student", 1, "session"), Site(url, url, url), notes)
        tab = AttentiveTab(browser, "/", f'<body data-live-after="{MADE_AFTER}">')
        yield tab
        tab.close()
        await browser.close()
    assert notes.trouble == []


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await pause()


@pytest.mark.asyncio
async def test_a_lost_socket_resumes_after_the_newest_message(soon):
    server = LiveServer([message(8)], [message(12), message(11)], [])

    async with tab_on(server) as tab:
        await until(lambda: len(server.resumed_after) == 3)

    assert server.resumed_after == [MADE_AFTER, 8, 12]
    assert tab.browser.notes.socket_losses == 2


@pytest.mark.asyncio
async def test_a_page_polls_where_no_socket_opens(soon):
    server = LiveServer(status=HTTPStatus.FORBIDDEN)

    async with tab_on(server) as tab:
        await until(lambda: tab.caught_up_at)

    assert server.resumed_after == []
    assert len(tab.browser.notes.announced[TEXT][1]) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("payloads", "seen"),
    [
        pytest.param([message(7), message(9, "live.resumed")], 0, id="the page contains it"),
        pytest.param([message(6), message(9, "live.resumed")], 0, id="repeated"),
        pytest.param([message(8), message(9, "live.resumed")], 1, id="missed meanwhile"),
        pytest.param([message(8), message(8), message(9, "live.resumed")], 1, id="twice"),
        pytest.param([message(9, "live.resumed"), message(6)], 1, id="committed late"),
    ],
)
async def test_what_a_page_shows_from_the_start_is_not_counted(payloads, seen):
    server = LiveServer(payloads, [], [])

    async with tab_on(server) as tab:
        await until(lambda: tab.browser.notes.socket_losses)

    assert len(tab.browser.notes.announced[TEXT][1]) == seen


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def closing_at(*refused: int) -> Callable[..., Awaitable[None]]:
    """Closes the connection instead of the answer to these requests, counted over all of them."""
    number = count(1)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            if next(number) in refused:
                break
            writer.write(OK)
        writer.close()

    return serve


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "refused", "statuses"),
    [
        pytest.param("GET", [2], [200, 200], id="once more"),
        pytest.param("GET", [2, 3], [200, 0], id="not twice"),
        pytest.param("POST", [2], [200, 0], id="only what changes nothing"),
    ],
)
async def test_a_page_is_requested_once_more_when_its_connection_was_closed(
    method, refused, statuses
):
    server = await asyncio.start_server(closing_at(*refused), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    notes = Notes()
    browser = Browser(Person("student", 1, "session"), Site(url, url, url), notes)

    for _ in statuses:
        await browser.request(method, "/")
    await browser.close()
    server.close()

    assert [sample.status for sample in notes.samples] == statuses


class Tablet:
    """Accepts what it is given."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.changes: list[dict[str, Any]] = []

    async def open(self, path: str) -> None:
        pass

    async def request(self, _method: str, _path: str, *, json: dict[str, Any]) -> httpx.Response:
        self.changes += json["changes"]
        answer = {"state": "accepted", "version": len(self.changes)}
        return httpx.Response(200, json={"answers": [answer]})


@pytest.mark.asyncio
async def test_a_juror_finishes_each_sheet(monkeypatch):
    """Without finished sheets the juries have nothing to decide, and there is no ceremony."""
    monkeypatch.setattr(event, "MARK_SECONDS", 0)
    juror = Person("juror", 1, "session", teams=(3, 4), criteria=(5, 6), code="INFO")
    plan = Plan(datetime.now(UTC) - timedelta(hours=8), timedelta(hours=10))  # the juries mark
    opened = Event("http://localhost:1", Cast(Edition(), juror), plan, None, size=1)
    tablet = Tablet(juror)
    monkeypatch.setattr(opened, "_browser", lambda _person: tablet)

    await opened._juror(juror)

    assert [(c["team"], c["kind"], c["base"]) for c in tablet.changes] == [
        (3, "mark", 0),
        (3, "mark", 1),
        (3, "finish", 2),
        (4, "mark", 0),
        (4, "mark", 4),
        (4, "finish", 5),
    ]
    assert opened.notes.marks == 4
