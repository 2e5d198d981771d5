import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import ConnectionHandler

from hackathon.base.core.database_options import sqlite_options

# Only because pytest-django blocks all databases otherwise: these tests use their own files.
pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 60
ROUNDS = 25
# A busy disk would let the last writer wait for more than `timeout`.
WITHOUT_WAITING = "PRAGMA synchronous=OFF;"


def _increment(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select n from counter")
            (n,) = cursor.fetchone()
            cursor.execute("update counter set n = %s", [n + 1])
        connection.commit()
    except OperationalError:
        connection.rollback()
        raise
    finally:
        connection.set_autocommit(True)


def _count_refused(options: dict[str, Any], path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path, autocommit=True)) as setup:
        setup.execute("create table counter (n integer)")
        setup.execute("insert into counter values (0)")
    handler = ConnectionHandler(
        {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": path,
                "OPTIONS": options,
            }
        }
    )
    start, refused = threading.Barrier(WRITERS), []

    def write() -> None:
        connection = handler["default"]
        connection.ensure_connection()
        start.wait()
        for _ in range(ROUNDS):
            try:
                _increment(connection)
            except OperationalError as error:
                refused.append(str(error))
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with contextlib.closing(sqlite3.connect(path)) as result:
        (total,) = result.execute("select n from counter").fetchone()
    assert total == WRITERS * ROUNDS - len(refused)
    return len(refused)


def test_with_the_defaults_of_django_writers_are_refused(tmp_path):
    options = {"timeout": 20, "init_command": WITHOUT_WAITING}

    assert _count_refused(options, tmp_path / "plain.sqlite3") > 0


def test_with_the_options_of_the_site_no_writer_is_refused(tmp_path):
    options = sqlite_options()
    options["init_command"] += WITHOUT_WAITING

    assert _count_refused(options, tmp_path / "site.sqlite3") == 0
