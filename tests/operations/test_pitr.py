import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
import yaml

from tests import services
from tests.operations import compose
from tests.submissions.tus.servers import until

pytestmark = pytest.mark.postgres


def archiving(directory: Path) -> tuple[str, ...]:
    """The options of docker-compose.pitr.yml, with another directory."""
    text = (compose.ROOT / "docker-compose.pitr.yml").read_text()
    words = shlex.split(yaml.safe_load(text)["services"]["database"]["command"])
    options = [value for name, value in pairwise(words) if name == "-c"]
    assert any(option.startswith("archive_command=") for option in options)
    kept = [option.replace("/pitr", str(directory)) for option in options if "archive" in option]
    return tuple(f"-c{option}" for option in kept)


@pytest.fixture
def server() -> Iterator[services.Postgres]:
    if services.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    server = services.Postgres()
    archive = server.directory / "pitr"
    server.options += list(archiving(archive))
    server.make_directory(archive / "wal")
    server.start()
    yield server
    server.stop()


def pitr(server: services.Postgres, *arguments: object) -> None:
    done = subprocess.run(
        [compose.ROOT / "deploy" / "pitr", *map(str, arguments)],
        env={
            **os.environ,
            "PGBIN": str(server.bin),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGUSER": "ccd",
        },
        cwd=server.directory,
        capture_output=True,
        text=True,
        **server.demoted,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_database_of_any_second_can_be_made_again(server: services.Postgres) -> None:
    archive = server.directory / "pitr"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE deposit AS SELECT 1 AS number")
        pitr(server, "base", archive)
        connection.execute("INSERT INTO deposit VALUES (2)")
        row = connection.execute("SELECT clock_timestamp()::text").fetchone()
        assert row
        connection.execute("SELECT pg_sleep(0.05)")
        connection.execute("DELETE FROM deposit")  # the mistake
        last = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert last
        assert until((archive / "wal" / last[0]).exists)
    server.stop(signal.SIGQUIT)  # this machine is lost

    again = server.directory / "again"
    pitr(server, "restore", archive, row[0], again)
    server.data = again
    server.start()

    assert until(lambda: _is_restored(server.url))
    with psycopg.connect(server.url) as connection:
        found = connection.execute("SELECT number FROM deposit ORDER BY number").fetchall()
    assert found == [(1,), (2,)]


def _is_restored(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        return row == (False,)
    return False
