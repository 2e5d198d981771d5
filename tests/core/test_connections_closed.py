import socket
from collections.abc import Iterator
from itertools import count

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hackathon.day.site import page_clock
from tests.submissions.tus import servers
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.system]

CLIENTS = 25
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def opened() -> Iterator[list[BaseDatabaseWrapper]]:
    found: list[BaseDatabaseWrapper] = []

    def record(connection: BaseDatabaseWrapper, **_: object) -> None:
        found.append(connection)

    connection_created.connect(record)
    yield found
    connection_created.disconnect(record)


def wait_until_all_are_closed(opened: list[BaseDatabaseWrapper]) -> None:
    wait_until(lambda: not any(its.connection for its in opened))


@pytest.mark.parametrize("point", [None, request_started, connection_created, request_finished])
def test_after_a_client_disconnected(edition, opened, point):
    """As soon as it has sent its request, or once this has come to a point."""
    reached = set()
    numbers = count()

    def record(**_: object) -> None:
        reached.add(next(numbers))

    if point is not None:
        point.connect(record)
    with servers.in_thread() as url:
        port = int(url.rsplit(":", 1)[1])
        for _ in range(CLIENTS):
            before = len(reached)
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(REQUEST)
                if point is not None:
                    wait_until(lambda before=before: len(reached) > before)
        httpx.get(url, trust_env=False, timeout=60)
        wait_until_all_are_closed(opened)
    if point is not None:
        point.disconnect(record)
    assert opened  # a request reached the view


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/api/v1/nowhere/", "/recus/nothing/"])
def test_after_a_page_that_exists_or_not(edition, opened, path):
    with servers.in_thread() as url:
        answer = httpx.get(url + path, trust_env=False, timeout=60)
        assert answer.status_code == (200 if path == "/" else 404)
        wait_until_all_are_closed(opened)
    assert opened


def test_after_a_server_error(edition, opened, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("for the test")

    with servers.in_thread() as url:
        monkeypatch.setattr(page_clock, "_countdown", fail)
        answer = httpx.get(url, trust_env=False, timeout=60)
        assert answer.status_code == 500
        wait_until_all_are_closed(opened)
    assert opened
