"""Whether a page can say that no older message will come (`data-live-settled`)."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client

from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE
from tests.conftest import NOON
from tests.site.sockets import publish
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MARK = b"data-live-settled"


def test_no_page_is_settled_while_a_message_is_being_written(edition):
    written, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                messages.publish(EVERYONE, "test.published", {}, at=NOON)
                written.set()
                assert may_commit.wait(PATIENCE)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(PATIENCE)
    publish(EVERYONE)  # with a greater id, and committed before
    page_meanwhile = Client().get("/").content
    may_commit.set()
    writer.join()

    # Later it is, once nothing else is in progress: other tests use the same server.
    assert MARK not in page_meanwhile
