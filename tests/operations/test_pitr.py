import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
import yaml

from tests import services
from tests.operations import compose, scripts
from tests.waiting import wait_until

pytestmark = pytest.mark.postgres


def archiving(directory: Path) -> tuple[str, ...]:
    """The options of docker-compose.pitr.yml, with another directory."""
    text = (compose.ROOT / "docker-compose.pitr.yml").read_text()
    words = shlex.split(yaml.safe_load(text)["services"]["database"]["command"])
    options = [value for name, value in pairwise(words) if name == "-c"]
    assert any(option.startswith("archive_command=") for option in options)
    script = str(compose.ROOT / "deploy" / "pitr")
    kept = [
        option.replace("/pitr/", f"{directory}/").replace("=pitr ", f"={script} ")
        for option in options
        if "archive" in option
    ]
    return tuple(f"-c{option}" for option in kept)


@pytest.fixture
def server() -> Iterator[services.Postgres]:
    if services.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    with services.Postgres() as server:
        archive = server.directory / "pitr"
        server.options += list(archiving(archive))
        server.make_directory(archive / "wal")
        server.start()
        yield server


def pitr(server: services.Postgres, *arguments: object, host: object = "127.0.0.1") -> None:
    done = subprocess.run(
        [compose.ROOT / "deploy" / "pitr", *map(str, arguments)],
        env={
            **os.environ,
            "PGBIN": str(server.bin),
            "PGHOST": str(host),
            "PGPORT": str(server.port),
            "PGUSER": "ccd",
        },
        cwd=server.directory,
        capture_output=True,
        text=True,
        **server.demoted,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_copy_of_a_restored_database_is_restored_to_its_end(server):
    archive, target = server.directory / "pitr", server.directory / "restored"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET recovery_target_time = '2020-01-01 00:00:00+00'")
    pitr(server, "base", archive)

    pitr(server, "restore", archive, "latest", target)

    lines = (target / "postgresql.auto.conf").read_text().splitlines()
    instants = [line for line in lines if line.startswith("recovery_target_time")]
    assert len(instants) == 2
    assert instants[-1] == "recovery_target_time = ''"


def test_the_database_of_any_second_can_be_made_again(server):
    archive = server.directory / "pitr"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE deposit AS SELECT 1 AS number")
        pitr(server, "base", archive)
        connection.execute("INSERT INTO deposit VALUES (2)")
        row = connection.execute("SELECT clock_timestamp()::text").fetchone()
        assert row
        connection.execute("DELETE FROM deposit")  # the mistake
        last = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert last
        wait_until((archive / "wal" / f"{last[0]}.gz").exists)
    server.stop(signal.SIGQUIT)  # this machine is lost

    again = server.directory / "again"
    pitr(server, "restore", archive, row[0], again)
    server.data = again
    server.start()

    wait_until(lambda: is_restored(server.url))
    with psycopg.connect(server.url) as connection:
        found = connection.execute("SELECT number FROM deposit ORDER BY number").fetchall()
    assert found == [(1,), (2,)]


def test_after_a_crash_nothing_that_the_disk_still_has_is_missing(server):
    archive = server.directory / "pitr"
    with psycopg.connect(server.url, autocommit=True) as connection:
        pitr(server, "base", archive)
        connection.execute("CREATE TABLE deposit AS SELECT 1 AS number")
    server.stop(signal.SIGQUIT)  # before the file with this change was archived

    pitr(server, "replace", archive, "latest", server.data)
    server.start()

    wait_until(lambda: is_restored(server.url))
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT number FROM deposit").fetchall() == [(1,)]
    (former,) = archive.glob("former.*")
    assert (former / "PG_VERSION").exists()


def test_another_machine_gives_the_database_its_own_password(server, monkeypatch):
    """The one that was copied came with the database of the machine that is lost."""
    archive, password = server.directory / "pitr", server.directory / "database-password"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE ccd")
        connection.execute("ALTER ROLE ccd PASSWORD 'of the lost machine'")
        pitr(server, "base", archive)
    server.stop(signal.SIGQUIT)
    pitr(server, "replace", archive, "latest", server.data)
    local = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256"
    (server.data / "pg_hba.conf").write_text(local)
    server.start()

    password.write_text('it\'s "of" this one')
    monkeypatch.setenv("POSTGRES_PASSWORD_FILE", str(password))
    pitr(server, "ready", host=server.directory)

    psycopg.connect(server.url, password=password.read_text()).close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """With programs that write down how they were called."""
    project, programs = tmp_path / "project", tmp_path / "bin"
    (project / "deploy").mkdir(parents=True)
    programs.mkdir()
    shutil.copy(compose.ROOT / "deploy" / "pitr", project / "deploy" / "pitr")
    (project / ".env").write_text("CCD_DOMAIN=localhost")
    (programs / "docker").symlink_to(scripts.HERE / "docker")
    (programs / "chown").write_text('#!/bin/sh\necho chown "$@" >>"$FAKE_LOG"\n')
    (programs / "chown").chmod(0o755)
    return project


def test_another_machine_takes_over_with_one_command(project, tmp_path):
    """An archive that was tried there before is moved away, not mixed with the new one."""
    srv, volume, copy = tmp_path / "srv" / "pitr", tmp_path / "volume", tmp_path / "copy"
    for directory in (copy / "pitr" / "wal", copy / "data" / "deposits", srv / "wal", volume):
        directory.mkdir(parents=True)
    (copy / "pitr" / "wal" / "new.gz").touch()
    (copy / "data" / "deposits" / "file").write_text("1")
    (srv / "wal" / "old.gz").touch()

    nothing = scripts.run("pitr", project, "take-over", str(tmp_path), FAKE_DATA=str(volume))
    done = scripts.run("pitr", project, "take-over", str(copy), FAKE_DATA=str(volume))

    assert (nothing.returncode, "There is no copy" in nothing.stdout) == (1, True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in srv.rglob("*.gz")] == ["new.gz"]
    assert (volume / "deposits" / "file").read_text() == "1"
    calls = (tmp_path / "docker.log").read_text().splitlines()
    replace = "database replace /pitr latest /var/lib/postgresql/data"
    assert [call for call in calls if not call.startswith(("inspect", "compose ps"))] == [
        "compose stop",
        f"chown -R 999:999 {srv}",
        f"compose run --rm --no-deps -T --entrypoint pitr {replace}",
        "compose up -d --wait database",
        "compose exec -T -u postgres -e PGUSER=ccd database pitr ready",
        f"chown -R 1000:1000 {volume}",
        "compose run --rm --no-deps -T worker python manage.py restore /data --files-only",
    ]
    assert (
        "COMPOSE_FILE=docker-compose.yml:docker-compose.pitr.yml" in (project / ".env").read_text()
    )


def test_archiving_changes_nothing_else_of_the_database():
    raw = yaml.safe_load((compose.ROOT / "docker-compose.yml").read_text())["services"]["database"]
    text = (compose.ROOT / "docker-compose.pitr.yml").read_text()
    archiving = yaml.safe_load(text)["services"]["database"]

    assert archiving["command"].startswith(raw["command"] + " ")
    assert archiving["volumes"][0] == "/srv/ccd/pitr:/pitr"
    assert archiving["volumes"][1] == "./deploy/pitr:/usr/local/bin/pitr:ro"
    assert raw["user"] == "999:999"  # as `deploy/pitr start` gives the directory


def is_restored(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        return row == (False,)
    return False
