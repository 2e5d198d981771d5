import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from hackathon.run.operations import periodic, readiness, tasks
from hackathon.run.operations.backup import database, room, selectors, services
from hackathon.run.operations.backup.errors import BackupError
from hackathon.run.operations.exporter import registry
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def directory(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUP_DIR = tmp_path
    settings.BACKUP_PASSPHRASE_FILE = None
    readiness.forget_results()
    return tmp_path


def made(directory: Path) -> list[str]:
    return sorted(path.parent.name for path in directory.glob("*Z/backup.json"))


def state() -> dict[str, Any]:
    readiness.forget_results()
    return readiness.report()["checks"]["backup"]


def _full(*_: Any) -> None:
    raise OSError("the disk is full")


def test_a_backup_is_made_when_one_is_due_and_an_old_one_is_an_alarm(directory):
    """One is due each hour. The alarm comes five minutes after the second that is missing."""
    none = state()
    with time_machine.travel(NOON, tick=False):
        periodic.back_up_if_due()
        periodic.back_up_if_due()
        fresh = state()
    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        periodic.back_up_if_due()
    with time_machine.travel(NOON + timedelta(hours=4), tick=False):
        old = state()
        age = registry().get_sample_value("ccd_backup_age_seconds")

    assert made(directory) == ["20200213T120000.000000Z", "20200213T130100.000000Z"]
    assert (none["ok"], none["error"]) == (False, "no backup yet")
    assert fresh["ok"]
    assert (old["ok"], old["error"]) == (False, "the last one is 3.0 h old")
    assert age == timedelta(hours=2, minutes=59).total_seconds()


def test_two_backups_never_run_at_once_and_one_that_failed_is_tried_again(directory, monkeypatch):
    with (directory / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        tasks.back_up()
        while_locked = made(directory)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="full"):
        broken.setattr(services.database, "dumped", _full)
        tasks.back_up()
    after_failure = list(directory.glob("*Z"))
    tasks.back_up()

    assert while_locked == after_failure == []
    assert len(made(directory)) == 1


def test_a_backup_is_on_the_disk_before_it_has_its_name(directory, monkeypatch):
    synced: set[int] = set()
    before: set[int] = set()
    sync, rename = os.fsync, Path.rename

    def note_sync(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        sync(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        before.update(synced)
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)

    path = services.backup(directory, "", at=NOON, say=lambda _line: None).path

    assert {entry.stat().st_ino for entry in (path, *path.iterdir())} <= before
    assert directory.stat().st_ino in synced


def test_old_backups_thin_out_and_their_files_go(directory, settings, world):
    settings.BACKUP_DAYS = 30

    def make(*, days: float) -> None:
        services.backup(directory, "", at=NOON + timedelta(days=days), say=lambda _line: None)

    for days in (0, 0.2, 20, 20.2, 31, 32):
        make(days=days)
    pool = directory / "files"
    orphan = pool / "ab" / f"ab{'0' * 62}"
    orphan.parent.mkdir(exist_ok=True)
    orphan.touch()
    make(days=33)

    instants = [(selectors.instant_of(name) - NOON) / timedelta(days=1) for name in made(directory)]
    # On day 33: none of before the last 30 days, one a day (20, not 20.2), and all of two days.
    assert instants == [20, 31, 32, 33]
    assert not orphan.exists()
    for copy in services.files_of(services.made_in(directory)[0]):
        assert (pool / copy.sha256[:2] / copy.sha256).exists()


def test_the_last_three_backups_stay_however_old(directory):
    for days in range(5):
        services.backup(directory, "", at=NOON + timedelta(days=days), say=lambda _line: None)

    later = NOON + timedelta(days=400)
    assert room.outdated(services.made_in(directory), at=later) == services.made_in(directory)[:2]


def test_what_a_killed_backup_has_left_goes_with_the_next_one(directory):
    (directory / "unfinished-20200101T000000.000000Z").mkdir()
    (directory / "files").mkdir()
    (directory / "files" / "unfinished-file").touch(mode=0o400)

    services.backup(directory, "", at=NOON, say=lambda _line: None)

    assert list(directory.rglob("unfinished*")) == []


@pytest.mark.parametrize("shared", [True, False])
def test_a_backup_leaves_twice_the_reserve_to_the_deposits_of_its_disk(
    directory, settings, monkeypatch, shared
):
    said: list[str] = []
    monkeypatch.setattr(room, "free_bytes", lambda _directory: 2 * settings.DISK_RESERVE - 1)
    if not shared:
        monkeypatch.setattr(room, "is_shared_with_deposits", lambda _directory: False)

    if shared:
        with pytest.raises(BackupError, match=r"needs 0 MB.* 2000 MB free, of which 2000 MB stay"):
            services.backup(directory, "", at=NOON, say=said.append)
    else:
        services.backup(directory, "", at=NOON, say=said.append)

    assert len(made(directory)) == (0 if shared else 1)
    assert list(directory.rglob("unfinished*")) == []
    assert shared or said[0].endswith("free: 2000 MB")


def test_while_a_backup_reads_its_copy_other_threads_keep_the_database(tmp_path):
    """Django gives the connections of all threads the same dict of settings."""
    copy = tmp_path / "database.sqlite3"

    def own_name() -> str:
        return str(connection.settings_dict["NAME"])

    before = own_name()
    with database._reading(copy), ThreadPoolExecutor(1) as threads:
        meanwhile = (own_name(), threads.submit(own_name).result())

    assert meanwhile == (str(copy), before)
    assert own_name() == before
