import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from hackathon.editions.models import Edition
from hackathon.rehearsal import event
from hackathon.rehearsal.client import Browser, Notes
from hackathon.rehearsal.event import Event
from hackathon.rehearsal.people import Cast, Person, Plan

TEXT = "Annonce 1 de la répétition"
MADE_AFTER = 7  # the newest message when the page was made


def message(number: int, kind: str = "announcement.published") -> str:
    return json.dumps({"type": kind, "id": number, "data": {"html": f"<p>{TEXT}</p>"}})


@pytest.mark.parametrize(
    ("payloads", "seen"),
    [
        pytest.param([message(7), message(9, "live.resumed")], 0, id="repeated"),
        pytest.param([message(8), message(9, "live.resumed")], 1, id="missed meanwhile"),
        pytest.param([message(8), message(8), message(9, "live.resumed")], 1, id="twice"),
        pytest.param([message(9, "live.resumed"), message(6)], 1, id="committed late"),
    ],
)
def test_what_a_page_shows_from_the_start_is_not_counted(payloads: list[str], seen: int) -> None:
    notes = Notes()
    notes.announced[TEXT] = (time.time(), [])
    browser = Browser(Person("student", 1, "session"), "http://localhost:1", notes, None)
    browser._after = browser._made_after = MADE_AFTER

    for payload in payloads:
        browser._receive(payload)

    assert len(notes.announced[TEXT][1]) == seen


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
    method: str, refused: list[int], statuses: list[int]
) -> None:
    server = await asyncio.start_server(closing_at(*refused), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    notes = Notes()
    browser = Browser(Person("student", 1, "session"), f"http://127.0.0.1:{port}", notes, None)

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
async def test_a_juror_finishes_each_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
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
