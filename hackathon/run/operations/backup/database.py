"""Dumps of PostgreSQL (pg_dump of a snapshot) and SQLite (its backup API), while the site runs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from hackathon.run.operations.backup.errors import BackupError
from hackathon.run.operations.migrated import close_connections

DUMP_NAMES = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
# Made by `migrate`, by processes that run, or by `setup-code`.
NOT_COUNTED = ("contenttypes", "auth", "operations", "migrations", "sessions", "setup")


@contextmanager
def dumped(path: Path) -> Iterator[None]:
    """Inside, queries see what the dump contains, and nothing that is written later."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={path}"]
            options += ["--no-unlogged-table-data"]  # of a secret vote (decision 44)
            _run("pg_dump", f"--snapshot={snapshot}", *options)
            yield
    else:
        with closing(sqlite3.connect(path)) as copy:
            connection.ensure_connection()
            # In one step, and so of one instant.
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        with _reading(path):
            yield


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Lets the connection of this thread read the copy."""
    # One dict of Django's for the connections of all threads: it must not be changed, or requests
    # that are served meanwhile would write into the copy.
    own = connection.settings_dict
    connection.close()
    connection.settings_dict = {**own, "NAME": str(path)}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = own


def applied_migrations() -> list[str]:
    return sorted(".".join(pair) for pair in MigrationRecorder(connection).applied_migrations())


def server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version()" if connection.vendor == "postgresql" else "SELECT sqlite_version()"
        )
        return str(cursor.fetchone()[0])


def first_filled_table() -> str | None:
    """A table of ours with a row, or None."""
    tables = set(connection.introspection.table_names())
    for model in apps.get_models():
        counted = model._meta.app_label not in NOT_COUNTED and model._meta.db_table in tables
        if counted and model._base_manager.exists():
            return model._meta.db_table
    return None


def unknown_migrations(applied: list[str]) -> list[str]:
    """Those of a newer version of the site than this one."""
    on_disk = set(MigrationLoader(None).disk_migrations)
    labels = {label for label, _name in on_disk}
    pairs = {tuple(name.split(".", 1)) for name in applied}
    return sorted(".".join(pair) for pair in pairs - on_disk if pair[0] in labels)


def restore(path: Path) -> Callable[[], None]:
    """Into an empty database. Returns how to undo it. Raises `BackupError`, and leaves nothing."""
    was_migrated = bool(connection.introspection.table_names())
    undo = _undo_postgresql if connection.vendor == "postgresql" else _undo_sqlite()

    def undo_all() -> None:
        undo()
        if was_migrated:
            call_command("migrate", interactive=False, verbosity=0)

    try:
        if connection.vendor == "postgresql":
            _drop_everything()  # the empty tables of `migrate`, which the dump makes again
            options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
            _run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(path))
        else:
            connection.close()
            shutil.copyfile(path, connection.settings_dict["NAME"])
        call_command("migrate", interactive=False, verbosity=0)
    except BaseException:
        undo_all()
        raise
    return undo_all


def _undo_postgresql() -> None:
    close_connections()
    _drop_everything()


def _undo_sqlite() -> Callable[[], None]:
    path = Path(str(connection.settings_dict["NAME"]))

    def undo() -> None:
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    undo()  # the empty database: nothing is lost
    return undo


# Functions of triggers. Those of extensions stay.
OWN_FUNCTIONS = """
SELECT oid::regprocedure FROM pg_proc
WHERE pronamespace = to_regnamespace(current_schema()) AND proowner = to_regrole(current_user)
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""


def _drop_everything() -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {quote(table)} CASCADE")
        cursor.execute(OWN_FUNCTIONS)
        for (signature,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {signature}")


def _run(program: str, *options: str) -> None:
    """Raises `BackupError`."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing: apt install postgresql-client")
    ours = connection.settings_dict
    env = {
        "PGHOST": ours["HOST"],
        "PGPORT": str(ours["PORT"]),
        "PGUSER": ours["USER"],
        "PGPASSWORD": ours["PASSWORD"],
        "PGDATABASE": ours["NAME"],
    }
    done = subprocess.run(  # noqa: S603 - our own options
        [program, *options],
        env={**os.environ, **{k: v for k, v in env.items() if v}},
        capture_output=True,
        text=True,
        check=False,
        cwd=settings.DATA_DIR,
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")
