"""On how many open pages an announcement arrived: each says so on its socket, once.

The figure is what pages confirmed, not what was sent: a line that died a minute ago does not
count. Pages that poll, pages outside the audience and mail are not in it. A process gathers what
its sockets say for a second and writes it in one go: no query per socket.
"""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from channels.db import database_sync_to_async

from hackathon.announcements.services import count_reach

GATHER_SECONDS = 1.0
# What no honest page can exceed: as many announcements in one second.
MOST = 200


class Gatherer:
    """What the sockets of this process confirmed and is not written yet. Lives on its loop."""

    def __init__(self) -> None:
        self.process = uuid.uuid4().hex
        self._heard: defaultdict[int, list[tuple[datetime, Collection[str]]]] = defaultdict(list)
        self.writing: asyncio.Task[None] | None = None

    def note(self, pk: int, audiences: Collection[str], *, at: datetime) -> None:
        """A page that belongs to `audiences` has announcement `pk`."""
        if pk not in self._heard and len(self._heard) >= MOST:
            return
        self._heard[pk].append((at, audiences))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._heard:
            await asyncio.sleep(GATHER_SECONDS)
            heard, self._heard = self._heard, defaultdict(list)
            await database_sync_to_async(count_reach)(process=self.process, heard=heard)


gatherer = Gatherer()
