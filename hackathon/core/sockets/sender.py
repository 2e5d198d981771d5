"""What goes to the other processes: events for the hubs, handed to the channel layer.

Whoever publishes never waits: a request that changed something answers at once, also while Redis
is away or does not answer. What cannot be sent is dropped here; the hubs find it in the database.
"""

import asyncio
import atexit
import contextlib
import logging
import os
import threading
from typing import Any

from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

GROUP = "live"
SEND_SECONDS = 2.0  # a layer that takes longer is as good as away
LAST_WORDS_SECONDS = 2.0  # what a command that ends waits for


class LiveSender:
    """Takes events from any thread and sends what has collected, in order, one batch at a time.

    It runs on the hub's loop where this process has a hub, else on a thread of its own.
    """

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)  # threads stay behind in the parent

    def _begin(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: list[dict[str, Any]] = []
        self._sending: asyncio.Task[None] | None = None
        self._lock = threading.Lock()

    def run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send from this loop from now on."""
        self._loop = loop

    def send(self, event: dict[str, Any]) -> None:
        """Have an event sent, soon. Returns at once and never fails."""
        self._own_loop().call_soon_threadsafe(self._collect, event)

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or not self._loop.is_running():
                self._loop = _loop_of_a_thread()
                atexit.register(self._last_words, self._loop)
            return self._loop

    def _collect(self, event: dict[str, Any]) -> None:
        self._waiting.append(event)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        layer = get_channel_layer()
        assert layer is not None
        while self._waiting:
            events, self._waiting = self._waiting, []
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await layer.group_send(GROUP, {"type": "live", "events": events})
            except Exception as error:  # noqa: BLE001 - whatever the layer raises: the rows are there
                logger.warning("Live layer unreachable, %s not sent: %s", len(events), error)

    def _last_words(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let what is on its way go out before the process ends."""

        async def sent() -> None:
            if self._sending is not None:
                await self._sending

        if loop.is_running():
            waiting = asyncio.run_coroutine_threadsafe(sent(), loop)
            with contextlib.suppress(TimeoutError):
                waiting.result(LAST_WORDS_SECONDS)


def _loop_of_a_thread() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="outbox", daemon=True).start()
    return loop


live_sender = LiveSender()
