"""Connections to the database are given back, whatever becomes of the page."""

import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hackathon.editions.models import Edition
from hackathon.site.views import public
from tests.submissions.tus import servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

BROWSERS = 100
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def opened() -> Iterator[list[BaseDatabaseWrapper]]:
    """Every connection that was opened."""
    found: list[BaseDatabaseWrapper] = []

    def note(connection: BaseDatabaseWrapper, **_: object) -> None:
        found.append(connection)

    connection_created.connect(note)
    yield found
    connection_created.disconnect(note)


def all_closed(opened: list[BaseDatabaseWrapper]) -> bool:
    """Whether they are, or soon will be."""
    return servers.until(lambda: not any(its.connection for its in opened))


def test_by_a_page_for_a_browser_that_vanished(
    edition: Edition, opened: list[BaseDatabaseWrapper]
) -> None:
    with servers.in_thread() as url:
        port = int(url.rsplit(":", 1)[1])
        for number in range(BROWSERS):
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(REQUEST)
                time.sleep(number % 25 / 1000)  # they vanish at every moment of the way
        assert all_closed(opened)
    assert opened  # some came so far that a page was begun


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/api/v1/nowhere/", "/recus/nothing/"])
def test_by_a_page_that_is_there_or_not(
    edition: Edition, opened: list[BaseDatabaseWrapper], path: str
) -> None:
    with servers.in_thread() as url:
        answer = httpx.get(url + path, trust_env=False)
        assert answer.status_code == (200 if path == "/" else 404)
        assert all_closed(opened)
    assert opened


def test_by_the_page_of_a_fault(
    edition: Edition, opened: list[BaseDatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("for the test")

    with servers.in_thread() as url:
        monkeypatch.setattr(public, "public_announcements", fail)
        answer = httpx.get(url, trust_env=False)
        assert answer.status_code == 500
        assert all_closed(opened)
    assert opened
