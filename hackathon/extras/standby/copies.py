"""What is acknowledged only once both servers have it, if the organizers chose so (« strict »)."""

import logging
import os
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection

from hackathon.base.core.errors import refuse
from hackathon.extras.standby import peer, selectors
from hackathon.extras.standby.errors import NotOnBoth, StandbyRefusal

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5
SILENCE_SECONDS = 20  # of a transfer that stands still
WHOLE_SECONDS = 300


def copy(path: Path, name: str = "") -> None:
    """Send a file to the second server, below its data directory under `name` (default: where it
    is here), and wait until it is on its disk. rsync compares a digest of the whole file. Blocks.
    Raises `NotOnBoth`.
    """
    name = name or str(path.relative_to(settings.DATA_DIR))
    command = [
        "rsync",
        "--times",
        "--perms",
        "--chmod=F400",
        "--mkpath",
        "--fsync",
        "--ignore-existing",  # otherwise the second server refuses: nothing there is replaced
        f"--contimeout={CONNECT_SECONDS}",
        f"--timeout={SILENCE_SECONDS}",
        str(path),
        f"{settings.PEER_FILES}/{name}",
    ]
    try:
        # `--password-file` refuses a file that others may read, as secrets of containers are.
        password = peer.password()
        done = subprocess.run(  # noqa: S603 - our own options, and names that we made
            command,
            env={"PATH": os.environ.get("PATH", ""), "RSYNC_PASSWORD": password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WHOLE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_on_both(type(error).__name__) from error
    if done.returncode:
        raise _not_on_both(done.stderr.decode(errors="replace").strip()[-300:])


def send_ahead(path: Path, name: str) -> None:
    """Raises `NotOnBoth`."""
    if is_required():
        copy(path, name)


def is_required() -> bool:
    """Whether what is acknowledged must be on both. Raises `NotOnBoth` at once if the second server
    is not connected. No query without one.
    """
    if not settings.SERVER_NAME or not selectors.is_strict():
        return False
    copied = selectors.replication()
    if not (copied.connected and copied.waits):
        raise _not_on_both("PostgreSQL has no second server")
    return True


def hold_commit() -> None:
    """In a transaction whose result is acknowledged: until the second server has it on its disk,
    the commit does not return, and nobody sees what it wrote. Raises `NotOnBoth`.
    """
    if is_required():
        let_commit_wait()


def let_commit_wait() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")


def _not_on_both(why: str) -> NotOnBoth:
    logger.error("Not on the second server: %s", why)
    return NotOnBoth(refuse(StandbyRefusal.NOT_ON_BOTH))
