import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hackathon.editions.models import Edition
from hackathon.site import page_clock
from tests.submissions.tus import servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

CLIENTS = 100
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def opened() -> Iterator[list[BaseDatabaseWrapper]]:
    found: list[BaseDatabaseWrapper] = []

    def record(connection: BaseDatabaseWrapper, **_: object) -> None:
        found.append(connection)

    connection_created.connect(record)
    yield found
    connection_created.disconnect(record)


def all_closed(opened: list[BaseDatabaseWrapper]) -> bool:
    return servers.until(lambda: not any(its.connection for its in opened))


def test_after_a_client_disconnected(edition: Edition, opened: list[BaseDatabaseWrapper]) -> None:
    with servers.in_thread() as url:
        port = int(url.rsplit(":", 1)[1])
        for number in range(CLIENTS):
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(REQUEST)
                time.sleep(number % 25 / 1000)  # disconnects at any point of the request
        assert all_closed(opened)
    assert opened  # some requests reached the view


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/api/v1/nowhere/", "/recus/nothing/"])
def test_after_a_page_that_exists_or_not(
    edition: Edition, opened: list[BaseDatabaseWrapper], path: str
) -> None:
    with servers.in_thread() as url:
        answer = httpx.get(url + path, trust_env=False, timeout=60)
        assert answer.status_code == (200 if path == "/" else 404)
        assert all_closed(opened)
    assert opened


def test_after_a_server_error(
    edition: Edition, opened: list[BaseDatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("for the test")

    with servers.in_thread() as url:
        monkeypatch.setattr(page_clock, "_countdown", fail)
        answer = httpx.get(url, trust_env=False, timeout=60)
        assert answer.status_code == 500
        assert all_closed(opened)
    assert opened
