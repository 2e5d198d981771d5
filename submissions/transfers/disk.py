"""Room on the disk: watched before a transfer is let in, and said to the organizers in time."""

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from submissions import live
from submissions.transfers import rules, selectors

WARNED_EVERY_SECONDS = 300


@dataclass(frozen=True)
class Space:
    """Bytes free on the disk of the uploads, and what transfers under way will still take.

    Where there is plenty, `promised` is an upper bound: all that they announced.
    """

    free: int
    promised: int

    @property
    def is_low(self) -> bool:
        """Whether organizers must act."""
        return rules.space_is_low(
            free=self.free, promised=self.promised, reserve=settings.DISK_RESERVE
        )


def space(announced: int, *, at: datetime) -> Space:
    """How it stands now, with `announced` bytes under way; where it may be low, a look at each
    partial file says how many of them are already there.
    """
    free = shutil.disk_usage(settings.UPLOADS_DIR).free
    at_most = Space(free, announced)
    return Space(free, selectors.promised_bytes(at=at)) if at_most.is_low else at_most


def watch(room: Space, *, at: datetime) -> None:
    """Tell the organizers' pages where it gets low, at most every five minutes."""
    if room.is_low and cache.add("submissions.disk.warned", True, WARNED_EVERY_SECONDS):
        live.storage_filled(room.free, at=at)
