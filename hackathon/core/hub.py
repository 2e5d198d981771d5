"""Fan-out inside one process: one subscription to the channel layer, many sockets.

One channel-layer group member per socket costs a thread hop per message and socket; here a message
comes in once, already encoded, and is put in the queue of each socket of its audience.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

GROUP = "live"
RETRY_SECONDS = 1.0


class Subscriber(Protocol):
    """What the hub needs of a connection."""

    user_pk: int | None

    def offer(self, text: str) -> None:
        """Queue a message for sending, without waiting."""

    def recheck(self) -> None:
        """The rights of this connection's user have changed: ask for its audiences again."""


class Hub:
    """The sockets of this process by audience. All methods run on the event loop's thread."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._listener: asyncio.Task[None] | None = None
        self._by_audience: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._audiences: dict[Subscriber, frozenset[str]] = {}

    @property
    def connections(self) -> int:
        """How many sockets are open in this process."""
        return len(self._audiences)

    def subscribe(self, subscriber: Subscriber, audiences: Iterable[str]) -> None:
        """(Re)place what this connection hears."""
        self.unsubscribe(subscriber)
        self._audiences[subscriber] = frozenset(audiences)
        for audience in self._audiences[subscriber]:
            self._by_audience[audience].add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget this connection; nothing happens if it was not known."""
        for audience in self._audiences.pop(subscriber, frozenset()):
            self._by_audience[audience].discard(subscriber)
            if not self._by_audience[audience]:
                del self._by_audience[audience]

    def deliver(self, event: dict[str, Any]) -> None:
        """Fan out one event of the channel layer."""
        if "user" in event:
            for subscriber in list(self._audiences):
                if subscriber.user_pk == event["user"]:
                    subscriber.recheck()
            return
        for subscriber in tuple(self._by_audience.get(event["audience"], ())):
            subscriber.offer(event["text"])

    async def listen(self) -> None:
        """Make sure that this process hears the channel layer. Returns once it is subscribed."""
        loop = asyncio.get_running_loop()
        if self.loop is loop and self._listener is not None and not self._listener.done():
            return
        self.loop = loop
        ready = asyncio.Event()
        self._listener = loop.create_task(self._listen(ready))
        await ready.wait()

    async def _listen(self, ready: asyncio.Event) -> None:
        layer = get_channel_layer()
        assert layer is not None
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                ready.set()
                while True:
                    self.deliver(await layer.receive(channel))
                    # A burst that is already here would not let the sockets send in between.
                    await asyncio.sleep(0)
            except Exception as error:  # noqa: BLE001 - whatever the layer raises, pages poll meanwhile
                logger.warning("Live layer lost, trying again: %s", error)
                ready.set()
                await asyncio.sleep(RETRY_SECONDS)


hub = Hub()
