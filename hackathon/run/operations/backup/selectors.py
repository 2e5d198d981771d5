"""How old the last backup and the last copy on another machine are. Rules and checks ask it."""

from datetime import UTC, datetime, timedelta

from django.conf import settings

MANIFEST = "backup.json"
LAST = "last-backup"  # in the data directory: the instant of the last backup, wherever it is
# In the data directory, of `deploy/copy-away`: all that was committed before it is elsewhere too.
LAST_COPY = "last-copy"
NAME = "%Y%m%dT%H%M%S.%fZ"  # of a backup: its instant, UTC


def last_backup_at() -> datetime | None:
    """Of `CCD_BACKUP_DIR`, or without it of the last `manage.py backup`. None without any."""
    if settings.BACKUP_DIR is None:
        return _read(LAST)
    names = [manifest.parent.name for manifest in settings.BACKUP_DIR.glob(f"*Z/{MANIFEST}")]
    return instant_of(max(names)) if names else None


def last_copy_at() -> datetime | None:
    """None if `deploy/copy-away` never ran."""
    return _read(LAST_COPY)


def instant_of(name: str) -> datetime:
    """Of a backup."""
    return datetime.strptime(name, NAME).replace(tzinfo=UTC)


def backup_is_due(*, at: datetime) -> bool:
    if settings.BACKUP_DIR is None:
        return False
    last = last_backup_at()
    return last is None or at - last >= timedelta(minutes=settings.BACKUP_MINUTES)


def _read(name: str) -> datetime | None:
    try:
        return datetime.fromisoformat((settings.DATA_DIR / name).read_text().strip())
    except (OSError, ValueError):
        return None
