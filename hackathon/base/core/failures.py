"""What an unexpected exception means: the disk is full, or a server that the site needs is away."""

import errno
import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from psycopg_pool import PoolTimeout

# EFBIG: a limit of the file system or of the process.
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SQLITE_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_FSYNC")
POSTGRESQL_FULL = "53100"


class StorageUnavailable(OSError):
    """The store of the files does not answer, or has no bucket of this name."""


def is_disk_full(error: BaseException | None) -> bool:
    """Of this machine or, by the message of PostgreSQL, of the database's machine."""
    for cause in _chain(error):
        if isinstance(cause, OSError) and cause.errno in DISK_FULL:
            return True
        if getattr(cause, "sqlite_errorname", "") in SQLITE_FULL:
            return True
        if getattr(cause, "sqlstate", "") == POSTGRESQL_FULL:
            return True
    return False


def is_unavailable(error: BaseException | None) -> bool:
    return is_connection_lost(error) or any(
        isinstance(e, StorageUnavailable) for e in _chain(error)
    )


def is_connection_lost(error: BaseException | None) -> bool:
    """The connection to the database, which restarts or is away. Not a lock or a time limit."""
    return any(
        isinstance(cause, (OperationalError, InterfaceError)) and _has_lost(cause)
        for cause in _chain(error)
    )


def has_waited(error: BaseException | None) -> bool:
    """The pool has waited for the database already, as long as it does."""
    return any(isinstance(cause, PoolTimeout) for cause in _chain(error))


def _has_lost(error: BaseException) -> bool:
    if hasattr(error.__cause__, "sqlite_errorcode"):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    # Without a state libpq or the pool raised it. 08: connection exceptions; 57P01 to 57P03: the
    # server ends, crashed or starts.
    return state is None or state.startswith("08") or state in ("57P01", "57P02", "57P03")


def keep_sqlite_open() -> ExitStack | None:
    """With its index of the WAL on the disk, pages can be read while the disk is full: the first
    connection would have to write it. Commands see that a site is served: `is_served_by_sqlite`.
    None for PostgreSQL. Other threads may close it.
    """
    if connection.vendor != "sqlite":
        return None
    name = connection.settings_dict["NAME"]
    if not Path(name).exists():
        return None
    kept = ExitStack()
    served = kept.enter_context(_served_lock())
    fcntl.flock(served, fcntl.LOCK_SH)
    open_connection = sqlite3.connect(name, check_same_thread=False)
    kept.callback(open_connection.close)
    open_connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    return kept


def is_served_by_sqlite() -> bool:
    """Whether a site has this SQLite database: while a command writes, each of its writes waits,
    and after 20 s fails.
    """
    if connection.vendor != "sqlite":
        return False
    with _served_lock() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _served_lock() -> IO[str]:
    """Not the database itself: closing it would end SQLite's own locks in this process."""
    file: Path = settings.DATA_DIR / "served.lock"
    file.touch(mode=0o600)
    return file.open("w")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
