"""Nobody fills the disk or the memory with a body before they are known."""

import asyncio
import io
import json
import shutil
import tempfile
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.test import Client

from hackathon.asgi import http
from hackathon.base.accounts.body_limits import SMALL, limit_wsgi
from hackathon.base.accounts.models import User
from tests import services
from tests.tokens import make_token
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

LARGE = 115_000_000


class Body:
    """Of an ASGI request. Counts how much of it is read."""

    def __init__(self, size: int) -> None:
        self.left, self.read = size, 0

    async def receive(self) -> dict[str, Any]:
        if self.read and not self.left:
            await asyncio.Event().wait()  # the client stays connected
        block = b"x" * min(self.left, 1_000_000)
        self.left -= len(block)
        self.read += len(block)
        return {"type": "http.request", "body": block, "more_body": self.left > 0}


def ask(path: str, size: int, *headers: tuple[bytes, bytes], with_length: bool = True) -> Any:
    body, sent = Body(size), []
    length = [(b"content-length", str(size).encode())] if with_length else []

    read: list[int] = []  # when the answer began

    async def send(message: dict[str, Any]) -> None:
        read.append(body.read)
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"multipart/form-data; boundary=x"),
            *length,
            *headers,
        ],
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("192.0.2.1", 1),
        "http_version": "1.1",
        "asgi": {"version": "3.0"},
    }
    asyncio.run(http(scope, body.receive, send))
    status = sent[0]["status"] if sent else None
    text = b"".join(message.get("body", b"") for message in sent[1:])
    return SimpleNamespace(status=status, text=text.decode(), read=[*read, body.read][0])


def signed_in(client_of: Callable[[User], Client], user: User) -> tuple[bytes, bytes]:
    browser = client_of(user)
    return b"cookie", f"sessionid={browser.cookies['sessionid'].value}".encode()


@pytest.mark.parametrize("path", ["/compte/connexion/", "/rendu/1/", "/", "/api/v1/submissions/"])
def test_a_large_body_of_a_stranger_is_not_read(path):
    answer = ask(path, LARGE)

    assert (answer.status, answer.read) == (413, 0)


def test_a_body_without_a_length_is_read_up_to_the_limit():
    answer = ask("/compte/connexion/", LARGE, with_length=False)

    assert answer.status == 413
    assert answer.read <= SMALL + 1_000_000  # before the answer


def test_a_signed_in_person_sends_large_bodies_where_files_are_received(client_of, ada):
    cookie = signed_in(client_of, ada)

    deposit = ask("/rendu/1/", 3_000_000, cookie)
    account = ask("/compte/", 3_000_000, cookie)

    assert (deposit.status, deposit.read) == (403, 3_000_000)  # no CSRF token
    assert (account.status, account.read) == (413, 0)


def test_a_token_is_known(ada):
    token = make_token(ada)

    known = ask("/api/v1/submissions/", 3_000_000, (b"authorization", f"Token {token}".encode()))
    forged = ask("/api/v1/submissions/", 3_000_000, (b"authorization", b"Token 123"))
    is_json = (b"content-type", b"application/json")
    without_file = ask(
        "/api/v1/submissions/", 3_000_000, (b"authorization", f"Token {token}".encode()), is_json
    )

    assert known.read == 3_000_000
    assert [(one.status, one.read) for one in (forged, without_file)] == [(413, 0), (413, 0)]
    assert json.loads(forged.text)["code"] == "too_large"


def test_a_body_that_the_disk_has_no_space_for_is_not_read(client_of, ada, monkeypatch, caplog):
    caplog.set_level("INFO", "hackathon.requests")
    cookie = signed_in(client_of, ada)
    disk = SimpleNamespace(free=settings.DISK_RESERVE + 2_999_999)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: disk)

    answer = ask("/rendu/1/", 3_000_000, cookie)

    assert (answer.status, answer.read) == (507, 0)
    assert "plus assez de place" in answer.text
    (line,) = [vars(record) for record in caplog.records if record.name == "hackathon.requests"]
    assert (line["status"], line["code"], line["length"]) == (507, "storage_full", 3_000_000)
    assert line["route"] == "submissions:deposit"


def test_bodies_are_spooled_beside_the_deposits(client_of, ada, monkeypatch):
    folders = []
    spooled = tempfile.SpooledTemporaryFile

    def recorded(*args: Any, **kwargs: Any) -> Any:
        folders.append(kwargs.get("dir"))
        return spooled(*args, **kwargs)

    monkeypatch.setattr("hackathon.base.core.asgi.SpooledTemporaryFile", recorded)

    ask("/rendu/1/", 3_000_000, signed_in(client_of, ada))

    assert folders == [str(settings.FILE_UPLOAD_TEMP_DIR)]


@pytest.mark.parametrize(("length", "status"), [(LARGE, "413"), (1000, "200")])
def test_the_wsgi_application_has_the_same_limits(length, status):
    started: list[str] = []
    body = io.BytesIO(b"x" * 1000)

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    environ = {"PATH_INFO": "/", "CONTENT_LENGTH": str(length), "wsgi.input": body}
    limit_wsgi(app)(environ, lambda line, _headers: started.append(line[:3]))

    assert started == [status]
    assert body.tell() == 0


def test_the_application_of_gunicorn_is_limited():
    from hackathon.wsgi import application

    started: list[str] = []
    environ = {"PATH_INFO": "/compte/connexion/", "CONTENT_LENGTH": str(LARGE)}
    application(environ, lambda line, _headers: started.append(line))

    assert started == ["413 Request Entity Too Large"] or started == ["413 Content Too Large"]


@pytest.mark.system
def test_the_answer_is_not_lost_while_the_client_still_sends():
    """Closing at once resets the connection: a browser would show its own error."""
    port = services.free_port()
    config = uvicorn.Config(http, port=port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        client = HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("POST", "/compte/connexion/", b"x" * 30_000_000)
        answer = client.getresponse()
        text = answer.read().decode()
        client.close()
    finally:
        server.should_exit = True
        thread.join()

    assert answer.status == 413
    assert "Reconnectez-vous" in text


# ---------------------------------------------------------------- nested brackets


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("submissions", "ada"),
        ("teams", "ada"),
        ("announcements", "eve"),
        ("extensions", "eve"),
    ],
)
def test_nested_brackets_are_a_bad_request(client_of, comunik, eve, ada, path, name):
    answer = client_of({"ada": ada, "eve": eve}[name]).post(
        f"/api/v1/{path}/", "[" * 100_000, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"
