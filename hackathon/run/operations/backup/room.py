"""How much of the disk backups take: what the next one needs, and which old ones go."""

import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from hackathon.run.operations.backup.errors import BackupError
from hackathon.run.operations.backup.selectors import MANIFEST, instant_of

# After so long one of each day stays.
ALL_FOR = timedelta(days=2)
# However old they are.
LAST_ONES = 3


def free_bytes(directory: Path) -> int:
    disk = os.statvfs(directory)
    return disk.f_bavail * disk.f_frsize


def is_shared_with_deposits(directory: Path) -> bool:
    return directory.stat().st_dev == settings.DATA_DIR.stat().st_dev


def check(directory: Path, needed: int) -> None:
    """Raises `BackupError`. On the disk of the deposits twice their reserve stays free: the backup
    must not be what closes them.
    """
    shared = is_shared_with_deposits(directory)
    stays = 2 * settings.DISK_RESERVE if shared else 0
    free = free_bytes(directory)
    if free - needed < stays:
        kept = f", of which {megabytes(stays)} stay for deposits (CCD_DISK_RESERVE)"
        raise BackupError(
            f"This backup needs {megabytes(needed)}. {directory} has {megabytes(free)} free"
            f"{kept if shared else ''}. Delete what is old there, or make the disk larger."
        )


def megabytes(size: int) -> str:
    return f"{-(-size // 1_000_000)} MB"


def outdated(backups: list[Path], *, at: datetime) -> list[Path]:
    """`backups`: oldest first. Of those that are older than two days the first one of each day
    (UTC) stays, until it is `BACKUP_DAYS` old.
    """
    days: set[object] = set()
    gone = []
    for path in backups[:-LAST_ONES]:
        made_at = instant_of(path.name)
        if at - made_at <= ALL_FOR:
            break
        too_old = at - made_at > timedelta(days=settings.BACKUP_DAYS)
        if too_old or made_at.date() in days:
            gone.append(path)
        else:
            days.add(made_at.date())
    return gone


def remove(gone: list[Path], left: list[Path], pool: Path) -> None:
    """`gone`, and the files that no backup in `left` names. Not while another backup is made."""
    if not gone:
        return
    for path in gone:
        (path / MANIFEST).unlink()  # first: what has one is a whole backup
        shutil.rmtree(path)
    named = {
        copy["sha256"]
        for path in left
        for copy in json.loads((path / MANIFEST).read_text())["files"]
    }
    for file in pool.glob("??/*"):
        if file.name not in named:
            file.unlink()


def remove_unfinished(directory: Path, pool: Path) -> None:
    """What a backup that was killed has left. Not while another one is made."""
    for path in directory.glob("unfinished-*"):
        shutil.rmtree(path)
    for path in pool.glob("unfinished-*"):
        path.unlink()
