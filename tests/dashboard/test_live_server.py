"""The live socket over the wire: uvicorn as in `make run`, and a client that is not ours."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
import websockets.exceptions
from websockets.sync.client import ClientConnection, connect

from hackathon.accounts.models import User
from hackathon.asgi import application
from hackathon.core import live
from hackathon.core.sockets import connection as consumers
from hackathon.core.sockets.hub import hub
from hackathon.core.sockets.transport import live_sender
from hackathon.editions.models import Edition
from teams.live import team_audience
from teams.models import Team
from tests.dashboard.sockets import cookie_of, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(edition: Edition) -> Iterator[str]:
    """The site served by uvicorn as in `make run`, without background work; gives its address."""
    with serving() as address:
        yield address


@contextlib.contextmanager
def serving(**options: Any) -> Iterator[str]:
    """The same with other options of uvicorn's."""
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", 0))
        usual = {"ws": "websockets-sansio", "ws_per_message_deflate": False}
        running = uvicorn.Server(
            uvicorn.Config(
                application,
                lifespan="off",
                log_level="warning",
                timeout_graceful_shutdown=1,
                **{**usual, **options},
            )
        )
        thread = threading.Thread(target=running.run, kwargs={"sockets": [bound]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"127.0.0.1:{bound.getsockname()[1]}"
        running.should_exit = True
        thread.join(10)


def read(connection: ClientConnection, seconds: float = 5) -> dict[str, Any]:
    """The next message."""
    return json.loads(connection.recv(seconds))


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether the condition comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_over_the_wire(server: str, comunik: Team, ada: User) -> None:
    cookie = {"Cookie": cookie_of(ada)}

    with connect(f"ws://{server}/ws/live/", additional_headers=cookie) as page:
        assert read(page)["type"] == "live.ready"
        assert "Sec-WebSocket-Extensions" not in page.response.headers  # no deflate
        page.send('{"type": "ping", "sent": 7}')
        assert read(page)["sent"] == 7
        begun = time.monotonic()
        tell(team_audience(comunik.pk), "membership.changed", team=comunik.pk)
        first = read(page)
        assert time.monotonic() - begun < 1
    tell(team_audience(comunik.pk), "extension.granted", minutes=10)
    with connect(f"ws://{server}/ws/live/", additional_headers=cookie) as page:
        assert read(page)["type"] == "live.ready"
        page.send(json.dumps({"type": "resume", "after": first["id"]}))
        again, missed, resumed = read(page), read(page), read(page)

    assert (first["type"], first["data"]) == ("membership.changed", {"team": comunik.pk})
    assert again == first
    assert missed["type"] == "extension.granted"
    assert (resumed["type"], resumed["id"]) == ("live.resumed", missed["id"])
    assert until(lambda: hub.connections == 0)


@pytest.mark.parametrize("length", [1, 125 - 8, 126 - 8, 65_535 - 8, 65_536 - 8, 200_000])
@pytest.mark.parametrize("options", [{}, {"ws_per_message_deflate": True}])
def test_each_length_is_framed_as_it_should(
    edition: Edition, length: int, options: dict[str, Any]
) -> None:
    text = json.dumps({"x": "é" + "x" * (length - 1)}, ensure_ascii=False)
    event = {"id": 7, "audiences": [live.EVERYONE], "text": text, "deletes": ()}

    with serving(**options) as address, connect(f"ws://{address}/ws/live/") as page:
        assert read(page)["type"] == "live.ready"
        live_sender.send(event)

        assert page.recv(5) == text


def test_who_answers_no_ping_is_forgotten(edition: Edition) -> None:
    with serving(ws_ping_interval=0.2, ws_ping_timeout=0.3) as address, socket.socket() as dead:
        host, port = address.split(":")
        dead.connect((host, int(port)))
        dead.sendall(
            b"GET /ws/live/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        with connect(f"ws://{address}/ws/live/") as alive:  # its library answers
            assert read(alive)["type"] == "live.ready"
            assert until(lambda: hub.connections == 2)
            assert until(lambda: hub.connections == 1)
            alive.send('{"type": "ping", "sent": 1}')
            assert read(alive)["type"] == "pong"


def test_a_foreign_page_gets_no_handshake(server: str) -> None:
    with (
        pytest.raises(websockets.exceptions.InvalidStatus) as refused,
        connect(f"ws://{server}/ws/live/", origin="https://evil.example"),
    ):
        pass

    assert refused.value.response.status_code == 403


def test_a_slow_socket_is_dropped_and_the_others_are_not_held_up(server: str) -> None:
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    host, port = server.split(":")
    narrow.connect((host, int(port)))
    text = json.dumps({"type": "long", "data": "x" * 60_000})

    with (
        connect(f"ws://{server}/ws/live/", sock=narrow, max_queue=1) as slow,
        connect(f"ws://{server}/ws/live/") as quick,
    ):
        assert read(slow)["type"] == read(quick)["type"] == "live.ready"
        delivered = 0
        while hub.connections == 2 and delivered < 2_000:
            delivered += 1
            event = {"id": hub.buffer.newest + 1, "audiences": [live.EVERYONE], "text": text}
            live_sender.send({**event, "deletes": ()})
            read(quick)

        assert hub.connections == 1
        assert delivered >= consumers.MAX_QUEUED
        # Reading again, it gets what was on its way, and is told to come back.
        with contextlib.suppress(websockets.exceptions.ConnectionClosedError):
            assert len(list(slow)) < delivered
        assert slow.close_code == consumers.CLOSE_SLOW
