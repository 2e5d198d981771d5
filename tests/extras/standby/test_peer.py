import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import time_machine

from hackathon.base.core import clock
from hackathon.extras.standby import peer
from hackathon.extras.standby.rules import Claim
from tests import services
from tests.dripping import Dripping

pytestmark = pytest.mark.system
CLAIM = Claim("portable", 2, serving=True)
PASSWORD = "of both servers"


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
def password(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "standby-password"
    path.write_text(PASSWORD)
    settings.PEER_PASSWORD_FILE = str(path)
    return path


def said(claim: Claim = CLAIM) -> bytes:
    return json.dumps({"ready": False, "signed": peer.signed(claim)}).encode()


@pytest.fixture
def other(settings: Any, password: Path) -> Iterator[type[Other]]:
    class Answering(Other):
        body, asked = said(), []

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
    assert peer.ask() == CLAIM
    assert other.asked == [("/readyz", "ccd.example.org")]


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html>", b"[]", b'"x"', b'{"server": "a"}', b'{"signed": 1}', b"9" * 5_000),
        b'{"server": "portable", "epoch": 3, "serving": true}',
        b'{"signed": "WyJwb3J0YWJsZSIsMyx0cnVlXQ:1sVx3A:forged"}',
    ],
)
def test_what_is_no_answer_counts_as_silence(other, body):
    other.body = body

    assert peer.ask() is None


@pytest.mark.parametrize(
    "claim",
    [
        *(Claim("portable", epoch, serving=True) for epoch in (-1, 2**31 - 1, 10**20)),
        Claim("a" * 61, 2, serving=True),
    ],
)
def test_what_cannot_be_stored_counts_as_silence(other, claim):
    other.body = said(claim)

    assert peer.ask() is None


def test_an_answer_that_is_too_long_counts_as_silence(other):
    other.body = said() + b" " * peer.ANSWER_BYTES

    assert peer.ask() is None


def test_an_answer_of_somebody_without_the_password_counts_as_silence(other, password):
    password.write_text("of somebody else")
    other.body = said()
    password.write_text(PASSWORD)

    assert peer.ask() is None


def test_an_answer_that_was_recorded_counts_as_silence(other):
    with time_machine.travel(clock.now() - timedelta(seconds=peer.SIGNED_SECONDS + 10)):
        other.body = said()

    assert peer.ask() is None


def test_without_the_password_nothing_is_signed_and_no_answer_is_one(other, password):
    password.unlink()

    assert peer.signed(CLAIM) == ""
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
