import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from hackathon.extras.standby import peer
from hackathon.extras.standby.rules import Claim
from tests import services
from tests.dripping import Dripping

pytestmark = pytest.mark.system
CLAIM = {"ready": False, "server": "portable", "epoch": 2, "serving": True}


class Other(BaseHTTPRequestHandler):
    body: bytes
    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(503)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def other(settings: Any) -> Iterator[type[Other]]:
    class Answering(Other):
        body, asked = json.dumps(CLAIM).encode(), []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever)
    thread.start()
    settings.PEER = f"http://127.0.0.1:{server.server_port}"
    settings.SITE_URL = "https://ccd.example.org"
    yield Answering
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_other_server_is_asked_by_the_name_of_the_site(other):
    assert peer.ask() == Claim("portable", 2, serving=True)
    assert other.asked == [("/readyz", "ccd.example.org")]


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html>", b"[]", b'"x"', b'{"server": "a"}', b"9" * 5_000),
        *(json.dumps(CLAIM | {"epoch": each}).encode() for each in (None, -1, 2**31 - 1, 10**20)),
        json.dumps(CLAIM).encode().replace(b"2", b"1e400"),
        json.dumps(CLAIM | {"server": "a" * 61}).encode(),
        json.dumps(CLAIM).encode() + b" " * peer.ANSWER_BYTES,
    ],
)
def test_what_is_no_answer_counts_as_silence(other, body):
    other.body = body

    assert peer.ask() is None


def test_an_answer_that_comes_byte_by_byte_counts_as_silence(settings, monkeypatch):
    settings.PEER, settings.SITE_URL = "http://127.0.0.1:8000", "https://ccd.example.org"
    other = Dripping(monkeypatch)

    assert peer.ask() is None
    assert other.seconds <= peer.TIMEOUT_SECONDS + 1


def test_a_server_that_is_off_is_silent(settings):
    settings.PEER = f"http://127.0.0.1:{services.free_port()}"

    assert peer.ask() is None


@pytest.mark.parametrize("address", ["", "no address", "http://"])
def test_without_an_address_nobody_is_asked(settings, address):
    settings.PEER = address

    assert peer.ask() is None
