"""What another machine needs after this one is lost: the copy, the database from it, the files."""

import io
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.management import call_command

from hackathon.base.core import clock
from hackathon.event.editions.models import BriefAttachment
from hackathon.run.operations import readiness
from hackathon.run.operations.backup import selectors, services
from submissions.storage import deposits_storage
from tests import services as servers
from tests.conftest import NOON
from tests.operations import compose, scripts
from tests.operations.test_pitr import archiving, is_restored, pitr
from tests.waiting import wait_until

COPY_AWAY = compose.ROOT / "deploy" / "copy-away"


# ---------------------------------------------------------------- files alone


def lose(*names: str) -> dict[str, bytes]:
    """What was in them."""
    storage = deposits_storage()
    lost = {name: Path(storage.path(name)).read_bytes() for name in names}
    for name in names:
        Path(storage.path(name)).unlink()
    return lost


def restore_files(directory: Path) -> tuple[str, int]:
    output = io.StringIO()
    try:
        call_command("restore", str(directory), "--files-only", stdout=output, stderr=output)
    except SystemExit as ended:
        return output.getvalue(), int(str(ended.code))
    return output.getvalue(), 0


def names_of_deposits() -> list[str]:
    return sorted(key for alias, key in services.files.known_names() if alias == "deposits")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("source", ["backup", "copy"])
def test_missing_files_come_back_and_others_stay(world, tmp_path, settings, source):
    if source == "backup":
        services.backup(tmp_path, "", at=NOON, say=lambda _line: None)
    else:
        for name in ("deposits", "attachments", "previews"):
            shutil.copytree(settings.DATA_DIR / name, tmp_path / "data" / name)
    (first,) = names_of_deposits()
    attachment = BriefAttachment.objects.get()
    kept = Path(attachment.file.path).stat()
    lost = lose(first)

    said, _code = restore_files(tmp_path)

    assert "1 files put back, 0 are missing" in said, said
    assert Path(deposits_storage().path(first)).read_bytes() == lost[first]
    assert Path(attachment.file.path).stat() == kept


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_not_the_one_of_its_receipt_is_not_put_back(world, tmp_path, settings):
    first = names_of_deposits()[0]
    lose(first)
    altered = tmp_path / "data" / "deposits" / first
    altered.parent.mkdir(parents=True)
    altered.write_bytes(b"other bytes")

    said, code = restore_files(tmp_path)

    assert code == 1
    assert f"missing: deposits/{first}" in said
    assert not deposits_storage().exists(first)


# ---------------------------------------------------------------- its age


def state() -> dict[str, Any]:
    readiness.forget_results()
    return readiness.report()["checks"]["copy"]


@pytest.mark.django_db
def test_an_old_copy_is_named(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    mark = tmp_path / selectors.LAST_COPY
    with time_machine.travel(NOON, tick=False):
        never = state()
        mark.write_text(f"{NOON - timedelta(seconds=40):%Y-%m-%dT%H:%M:%S+00:00}\n")
        fresh = state()
    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        old = state()
    readiness.forget_results()

    assert (never["ok"], never["used"]) == (True, False)
    assert (fresh["ok"], fresh["age_seconds"]) == (True, 40)
    assert (old["ok"], old["error"]) == (False, "the last one is 10 min old")


# ---------------------------------------------------------------- the copy


@pytest.fixture
def server() -> Iterator[servers.Postgres]:
    if servers.postgres_bin() is None or shutil.which("rsync") is None:
        pytest.skip("PostgreSQL or rsync is not installed")
    with servers.Postgres() as server:
        server.options += list(archiving(server.directory / "pitr"))
        server.make_directory(server.directory / "pitr" / "wal")
        server.start()
        yield server


def copy_away(
    server: servers.Postgres, data: Path, target: object
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{server.bin}:{os.environ['PATH']}",
        "CCD_ROOT": str(server.directory),
        "CCD_DATA_DIR": str(data),
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": "ccd",
        "PGDATABASE": "postgres",
    }
    return subprocess.run([COPY_AWAY, str(target)], env=environment, capture_output=True, text=True)


@pytest.mark.postgres
def test_another_machine_has_all_that_was_committed_before_the_round(server, tmp_path):
    data, target, again = tmp_path / "data", tmp_path / "away", server.directory / "again"
    (data / "deposits").mkdir(parents=True)
    (data / "push-secret").write_text("of the devices")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE deposit AS SELECT 'first' AS file")
        (data / "deposits" / "first").write_text("1")
        pitr(server, "base", server.directory / "pitr")
        one = copy_away(server, data, target)
        assert one.returncode == 0, one.stdout + one.stderr
        (data / "deposits" / "second").write_text("2")
        connection.execute("INSERT INTO deposit VALUES ('second')")
        before = clock.now().replace(microsecond=0)
        two = copy_away(server, data, target)
        assert two.returncode == 0, two.stdout + two.stderr
        connection.execute("INSERT INTO deposit VALUES ('after the last round')")
    server.stop(signal.SIGQUIT)  # and its disk is lost

    # The programs of PostgreSQL refuse to run as root, here and there.
    shutil.copytree(target / "pitr", server.directory / "from")
    subprocess.run(
        ["chown", "-R", f"{server.demoted.get('user', os.getuid())}", server.directory / "from"],
        check=True,
    )
    pitr(server, "restore", server.directory / "from", "latest", again)
    server.data = again
    server.start()

    wait_until(lambda: is_restored(server.url))
    with psycopg.connect(server.url) as connection:
        files = [file for (file,) in connection.execute("SELECT file FROM deposit")]
    assert files == ["first", "second"]
    assert sorted(path.name for path in (target / "data" / "deposits").iterdir()) == sorted(files)
    assert (target / "data" / "push-secret").read_text() == "of the devices"
    mark = datetime.fromisoformat((data / selectors.LAST_COPY).read_text().strip())
    assert before <= mark <= clock.now()
    assert mark.tzinfo == UTC


@pytest.mark.postgres
def test_a_round_that_fails_leaves_the_age_as_it_was(server, tmp_path):
    data = tmp_path / "data"
    (data / "deposits").mkdir(parents=True)
    (data / "deposits" / "file").touch()
    (tmp_path / "full").write_text("not a directory")

    done = copy_away(server, data, tmp_path / "full" / "away")

    assert done.returncode == 1
    assert not (data / selectors.LAST_COPY).exists()


@pytest.mark.postgres
def test_nothing_at_the_target_is_overwritten_or_deleted(server, tmp_path):
    data, target = tmp_path / "data", tmp_path / "away"
    (data / "deposits").mkdir(parents=True)
    for name in ("altered", "deleted"):
        (data / "deposits" / name).write_text("as it was")
    copy_away(server, data, target)
    (data / "deposits" / "altered").write_text("by somebody who broke in")
    (data / "deposits" / "deleted").unlink()
    copy_away(server, data, target)

    copies = target / "data" / "deposits"
    assert {path.name: path.read_text() for path in copies.iterdir()} == {
        "altered": "as it was",
        "deleted": "as it was",
    }


@pytest.mark.postgres
def test_a_key_that_may_only_add_files_is_enough(server, tmp_path, monkeypatch):
    """As docs/operations.md says: with this key and this target, all is in the directory itself."""
    if shutil.which("rrsync") is None:
        pytest.skip("rrsync is not installed")
    text = (compose.ROOT / "docs" / "operations.md").read_text()
    found = re.search(r'command="(rrsync .*) -no-overwrite /srv/copy"', text)
    target = re.search(r"deploy/copy-away user@(\S+) 30", text)
    assert found
    assert target
    data, away, ssh = tmp_path / "data", tmp_path / "away", tmp_path / "ssh"
    (data / "deposits").mkdir(parents=True)
    (data / "deposits" / "file").touch()
    away.mkdir()
    ssh.write_text(f'#!/bin/sh\nshift\nSSH_ORIGINAL_COMMAND="$*" exec {found[1]} {away}\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("RSYNC_RSH", str(ssh))

    done = copy_away(server, data, target[1])

    assert done.returncode == 0, done.stdout + done.stderr
    assert (away / "data" / "deposits" / "file").exists()
    assert (away / "pitr" / "wal").is_dir()


def test_without_an_archive_it_says_what_to_do(tmp_path):
    project = tmp_path / "project"
    (project / "deploy").mkdir(parents=True)
    shutil.copy(COPY_AWAY, project / "deploy")

    refused = scripts.run("copy-away", project, "/elsewhere")
    explained = scripts.run("copy-away", project)

    assert (refused.returncode, "deploy/pitr start" in refused.stdout) == (1, True)
    assert (explained.returncode, "rrsync" in explained.stdout) == (2, True)


def test_the_unit_runs_the_script_as_it_is_documented():
    unit = (compose.ROOT / "deploy" / "systemd" / "ccd-copy-away.service").read_text()
    lines = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and line[0] != "#")

    directory, every = lines["WorkingDirectory"], lines["ExecStart"].split()[-1]
    assert lines["ExecStart"] == f"{directory}/deploy/copy-away ${{CCD_COPY_TARGET}} {every}"
    assert timedelta(seconds=int(every)) < readiness.COPY_OLD / 3
