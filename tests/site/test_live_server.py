"""The live socket on a TCP connection: uvicorn as in `make run`, and the client of a library."""

import contextlib
import functools
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
import websockets.exceptions
import websockets.sync.client
from websockets.sync.client import ClientConnection

from hackathon.asgi import application
from hackathon.base.live import connection as socket_connection
from hackathon.base.live import hub as hub_module
from hackathon.base.live.audiences import EVERYONE, team_audience
from hackathon.base.live.hub import hub
from hackathon.base.live.transport import live_sender
from tests.site.sockets import cookie_of, publish
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
connect = functools.partial(websockets.sync.client.connect, open_timeout=60)


@pytest.fixture
def server(edition) -> Iterator[str]:
    with serving() as address:
        yield address


@contextlib.contextmanager
def serving(**options: Any) -> Iterator[str]:
    """The site on uvicorn as in `make run`, without background work; yields its address."""
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
        wait_until(lambda: running.started)
        yield f"127.0.0.1:{bound.getsockname()[1]}"
        running.should_exit = True
        thread.join(60)


def read(connection: ClientConnection, seconds: float = 60) -> dict[str, Any]:
    return json.loads(connection.recv(seconds))


def test_messages_and_a_resume_over_tcp(server, comunik, ada, monkeypatch):
    monkeypatch.setattr(hub_module, "CATCH_UP_SECONDS", 3600)  # a message does not come that way
    cookie = {"Cookie": cookie_of(ada)}

    with connect(f"ws://{server}/ws/live/", additional_headers=cookie) as page:
        assert read(page)["type"] == "live.ready"
        assert "Sec-WebSocket-Extensions" not in page.response.headers  # no deflate
        page.send('{"type": "ping", "sent": 7}')
        assert read(page)["sent"] == 7
        publish(team_audience(comunik.pk), "membership.changed", team=comunik.pk)
        first = read(page)
    publish(team_audience(comunik.pk), "extension.granted", minutes=10)
    with connect(f"ws://{server}/ws/live/", additional_headers=cookie) as page:
        assert read(page)["type"] == "live.ready"
        page.send(json.dumps({"type": "resume", "after": first["id"]}))
        received = [read(page)]
        while received[-1]["type"] != "live.resumed":
            received.append(read(page))
    again, missed, resumed = received[-3:]  # those that were published just before are repeated

    assert (first["type"], first["data"]) == ("membership.changed", {"team": comunik.pk})
    assert again == first
    assert missed["type"] == "extension.granted"
    assert (resumed["type"], resumed["id"]) == ("live.resumed", missed["id"])
    wait_until(lambda: hub.connections == 0)


@pytest.mark.parametrize("length", [1, 125 - 8, 126 - 8, 65_535 - 8, 65_536 - 8, 200_000])
@pytest.mark.parametrize("options", [{}, {"ws_per_message_deflate": True}])
def test_messages_of_each_frame_length_arrive(edition, length, options):
    text = json.dumps({"x": "é" + "x" * (length - 1)}, ensure_ascii=False)
    event = {"id": 7, "type": "x", "audiences": [EVERYONE], "text": text, "deletes": ()}

    with serving(**options) as address, connect(f"ws://{address}/ws/live/") as page:
        assert read(page)["type"] == "live.ready"
        live_sender.send(event)

        assert page.recv(60) == text


def test_a_connection_that_answers_no_ping_is_dropped(edition):
    with serving(ws_ping_interval=0.1, ws_ping_timeout=0.1) as address, socket.socket() as dead:
        host, port = address.split(":")
        dead.connect((host, int(port)))
        dead.sendall(
            b"GET /ws/live/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert dead.recv(12) == b"HTTP/1.1 101"
        while dead.recv(1000):  # the end: the server has closed it
            pass
    wait_until(lambda: hub.connections == 0)


def test_a_page_of_another_site_is_refused(server):
    with (
        pytest.raises(websockets.exceptions.InvalidStatus) as refused,
        connect(f"ws://{server}/ws/live/", origin="https://evil.example"),
    ):
        pass

    assert refused.value.response.status_code == 403


def test_a_slow_socket_is_closed_and_does_not_delay_the_others(server):
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
            event = {"id": hub.buffer.newest + 1, "type": "x", "audiences": [EVERYONE]}
            live_sender.send({**event, "text": text, "deletes": ()})
            read(quick)

        assert hub.connections == 1
        assert delivered >= socket_connection.MAX_QUEUED
        # Once it reads again, it gets what was sent before, and the code to reconnect.
        with contextlib.suppress(websockets.exceptions.ConnectionClosedError):
            assert len(list(slow)) < delivered
        assert slow.close_code == socket_connection.CLOSE_SLOW
