"""The tests' database: migrated once for each state of the migrations, then copied.

On SQLite the first test process migrates and keeps the result in `var/`; each later one, on the
same migrations, begins with a copy, and others that start beside it wait. On PostgreSQL each worker
copies the database of CCD_TEST_TEMPLATE, or migrates.
"""

import fcntl
import gc
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from pytest_django import DjangoDbBlocker

SQLITE = import_module("hackathon.base.core.migrations.0003_journal_release").SQLITE
MADE_BY_MIGRATE = ("django_content_type", "auth_permission")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether pytest-django takes the database that is there. The copy is removed with the data
    directory of the test process.
    """
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def migrating() -> Iterator[ExitStack]:
    """Held by the one process that makes the template."""
    with ExitStack() as lock:
        yield lock


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrating: ExitStack
) -> None:
    """Put the copy in place, under the name that this worker's database has."""
    if connection.vendor != "sqlite":
        return
    template = template_file()
    if not template.exists():
        lock = migrating.enter_context((template.parent / "test-template.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
    if template.exists():
        migrating.close()
        shutil.copyfile(template, connection.settings_dict["TEST"]["NAME"])
    else:
        migrating.callback(gc.enable)
        gc.disable()  # it takes a third of the time of migrations


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, migrating: ExitStack
) -> Iterator[None]:
    """Keep a copy of the migrated database, if there is none."""
    if connection.vendor == "sqlite" and not (template := template_file()).exists():
        for outdated in template.parent.glob("test-template-*"):
            outdated.unlink(missing_ok=True)
        made = template.with_suffix(".new")
        with django_db_blocker.unblock(), closing(connection.cursor()) as cursor:
            cursor.execute("VACUUM INTO %s", [str(made)])
        made.replace(template)
        migrating.close()
    with pytest.MonkeyPatch.context() as monkeypatch:
        _keep_what_migrate_made(monkeypatch)
        yield


def pytest_unconfigure() -> None:
    """Remove the data directory that `tests.settings` made for this process."""
    if "CCD_TEST_DATA_DIR" not in os.environ:
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def _keep_what_migrate_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the flush after a transactional test leave content types and permissions in place.

    Django deletes them and sends `post_migrate` to make them again, which takes seven times as
    long as the flush.
    """
    empty = _delete_with_journal if connection.vendor == "sqlite" else _delete_all

    def empty_others(style: Any, tables: Iterable[str], **options: Any) -> list[str]:
        return empty(style, [name for name in tables if name not in MADE_BY_MIGRATE], **options)

    monkeypatch.setattr(connection.ops, "sql_flush", empty_others)
    monkeypatch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)


def _delete_with_journal(style: Any, tables: Iterable[str], **options: Any) -> list[str]:
    """Without the trigger that keeps the journal."""
    deleted = type(connection.ops).sql_flush(connection.ops, style, tables, **options)
    return ["DROP TRIGGER journal_no_delete", *deleted, SQLITE["delete"]]


def empty_journal() -> None:
    """For tests that look only at what comes afterwards."""
    # The models cannot be imported before Django is set up.
    from hackathon.base.core import journal
    from hackathon.base.core.models import JournalEntry

    with journal.released():
        JournalEntry.objects.all().delete()


DELETE_ALL = """
SET LOCAL session_replication_role = replica;
DO $$ DECLARE used regclass; BEGIN
FOR used IN SELECT * FROM unnest('{%s}'::regclass[]) AS name WHERE pg_relation_size(name) > 0
LOOP EXECUTE 'DELETE FROM ' || used; END LOOP; END $$
"""


def _delete_all(_style: Any, tables: Iterable[str], **_options: Any) -> list[str]:
    """Of tables that have files with something in them. TRUNCATE makes new files for each table and
    index, the empty ones too, and takes about ten times as long. The user must be a superuser, as
    that of `services.postgres`.
    """
    # `replica`: no triggers, and so no foreign keys. One string, so that it is sent at once.
    return [DELETE_ALL % ", ".join(tables)]


def template_file() -> Path:
    """Of SQLite. Named after all that decides what the migrations make."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for migration in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(migration.read_bytes())
    directory = settings.BASE_DIR / "var"
    directory.mkdir(exist_ok=True)
    return directory / f"test-template-{digest.hexdigest()[:16]}.sqlite3"
