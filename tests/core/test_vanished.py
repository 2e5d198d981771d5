"""Browsers that go away before their page is made."""

import socket
import time

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hackathon.editions.models import Edition
from tests.submissions.tus import servers

pytestmark = pytest.mark.django_db(transaction=True)

BROWSERS = 100
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_a_browser_that_vanishes_leaves_no_connection_open(edition: Edition) -> None:
    opened: list[BaseDatabaseWrapper] = []

    def note(connection: BaseDatabaseWrapper, **_: object) -> None:
        opened.append(connection)

    with servers.in_thread() as url:
        port = int(url.rsplit(":", 1)[1])
        connection_created.connect(note)
        try:
            for number in range(BROWSERS):
                with socket.create_connection(("127.0.0.1", port)) as line:
                    line.sendall(REQUEST)
                    time.sleep(number % 25 / 1000)  # they vanish at every moment of the way
            assert servers.until(lambda: not any(its.connection for its in opened))
        finally:
            connection_created.disconnect(note)
    assert opened  # some came so far that a page was begun
