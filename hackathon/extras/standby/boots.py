"""Whether somebody, or the answer of the other server, has allowed this one to serve since its
machine started. Then it goes on without asking: a restarted process, a new setting.
"""

import logging
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # another one after each start of the machine


def _file() -> Path:
    """`deploy/standby stop` removes it. It is in no backup, and never sent to the other server."""
    return settings.DATA_DIR / "serving"


def note() -> None:
    try:
        _file().write_text(BOOT_ID.read_text())
    except OSError as error:
        logger.warning("After a restart this server asks the other one again: %s", error)


def is_noted() -> bool:
    try:
        return _file().read_text() == BOOT_ID.read_text()
    except OSError:
        return False
