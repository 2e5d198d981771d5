"""Counts the open pages that confirmed an announcement on their socket.

A process writes the confirmations of one second together, to avoid a query per socket.
"""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from channels.db import database_sync_to_async

from hackathon.day.announcements.services.announcements import add_reach

WRITE_AFTER_SECONDS = 1.0
# Limits memory: the number of announcements confirmed in one second.
ANNOUNCEMENTS_AT_MOST = 200


class ReachCounter:
    """Confirmations that are not written yet. For one event loop; not thread-safe."""

    def __init__(self) -> None:
        self.process = uuid.uuid4().hex
        self._waiting: defaultdict[int, list[tuple[datetime, Collection[str]]]] = defaultdict(list)
        self.writing: asyncio.Task[None] | None = None

    def confirm(self, pk: int, audiences: Collection[str], *, at: datetime) -> None:
        """`audiences` are those of the page. Does not block."""
        if pk not in self._waiting and len(self._waiting) >= ANNOUNCEMENTS_AT_MOST:
            return
        self._waiting[pk].append((at, audiences))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._waiting:
            await asyncio.sleep(WRITE_AFTER_SECONDS)
            waiting, self._waiting = self._waiting, defaultdict(list)
            await database_sync_to_async(add_reach)(process=self.process, confirmations=waiting)


reach_counter = ReachCounter()
