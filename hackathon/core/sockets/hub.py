"""Fan-out inside one process: one subscription to the channel layer, many sockets.

One channel-layer group member per socket costs a thread hop per message and socket; here a message
comes in once, already encoded, and is put in the queue of each socket of its audiences.

The database is the truth, the layer only makes it sooner: every second each process asks what was
written, and tells its sockets what the layer has not brought. So nothing is missed while Redis is
away, nor of a process that died between its commit and its word.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import batched
from typing import Any, Protocol

from channels.db import database_sync_to_async
from django.db import DatabaseError

from hackathon.core import live
from hackathon.core.models import LiveMessage
from hackathon.core.sockets.buffer import KEPT, BufferedMessage, MessageBuffer
from hackathon.core.sockets.transport import received_events

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
CATCH_UP_SECONDS = 1.0
TOLD_AT_ONCE = 100
NOBODY: tuple[int | None, frozenset[str]] = (None, frozenset())


class Subscriber(Protocol):
    """What the hub needs of a connection."""

    def offer(self, message: dict[str, Any]) -> None:
        """Take an ASGI message for sending, without waiting."""

    def recheck(self) -> None:
        """What this connection may hear has changed: ask again."""


class Hub:
    """The sockets of this process by audience. All methods run on the event loop's thread."""

    def __init__(self) -> None:
        self.tail = MessageBuffer()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._reading = asyncio.Lock()
        self._read_until: datetime | None = None
        self._by_audience: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._by_user: defaultdict[int, set[Subscriber]] = defaultdict(set)
        self._known: dict[Subscriber, tuple[int | None, frozenset[str]]] = {}
        self._unknown: set[Subscriber] = set()

    # ------------------------------------------------------------ who listens

    @property
    def connections(self) -> int:
        """How many sockets are open in this process."""
        return len(self._known) + len(self._unknown)

    def expect(self, subscriber: Subscriber) -> None:
        """A connection of which it is being asked what it may hear. Until then it hears nothing,
        and is asked to recheck when anybody's rights change.
        """
        self.unsubscribe(subscriber)
        self._unknown.add(subscriber)

    def subscribe(
        self, subscriber: Subscriber, audiences: Iterable[str], user_pk: int | None = None
    ) -> None:
        """(Re)place what this connection hears, and whose it is."""
        self.unsubscribe(subscriber)
        known = self._known[subscriber] = (user_pk, frozenset(audiences))
        for audience in known[1]:
            self._by_audience[audience].add(subscriber)
        if user_pk is not None:
            self._by_user[user_pk].add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget this connection; nothing happens if it was not known."""
        self._unknown.discard(subscriber)
        user_pk, audiences = self._known.pop(subscriber, NOBODY)
        for audience in audiences:
            _remove(self._by_audience, audience, subscriber)
        if user_pk is not None:
            _remove(self._by_user, user_pk, subscriber)

    # ------------------------------------------------------------ fan-out

    async def deliver(self, events: Iterable[dict[str, Any]]) -> None:
        """Fan out what the channel layer brought, each message once however often it comes."""
        for event in events:
            if "user" in event:
                self._recheck(event["user"])
            elif told := self.tail.add(event):
                await self._tell(told)

    def _recheck(self, user_pk: int | None) -> None:
        """Those of this user (None: everybody's), and those of whom nothing is known yet."""
        known = self._known if user_pk is None else self._by_user.get(user_pk, ())
        for subscriber in (*known, *self._unknown):
            subscriber.recheck()

    async def _tell(self, told: BufferedMessage) -> None:
        heard: set[Subscriber] = set()
        for audience in told.audiences:
            heard |= self._by_audience.get(audience, set())
        for subscribers in batched(heard, TOLD_AT_ONCE):
            for subscriber in subscribers:
                # Whoever left or lost the right while others were told hears nothing of it.
                if self._hears(subscriber, told):
                    subscriber.offer(told.message)
            # The loop sends now what was written, and answers who asks something meanwhile.
            await asyncio.sleep(0)

    def _hears(self, subscriber: Subscriber, told: BufferedMessage) -> bool:
        _user_pk, audiences = self._known.get(subscriber, NOBODY)
        return not audiences.isdisjoint(told.audiences)

    # ------------------------------------------------------------ where it comes from

    async def listen(self) -> None:
        """Make sure that this process hears what is said. Returns once it does."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._ready is None or _failed(self._ready):
            self._loop = loop
            self._ready = loop.create_task(self._begin())
        await asyncio.shield(self._ready)

    async def _begin(self) -> None:
        for task in self._tasks:
            task.cancel()
        loop = asyncio.get_running_loop()
        self._reading = asyncio.Lock()
        await database_sync_to_async(self._load)()
        subscribed = asyncio.Event()
        self._tasks = [
            loop.create_task(self._receive_events(subscribed)),
            loop.create_task(self._follow_database()),
        ]
        await subscribed.wait()
        await self.catch_up()

    async def _receive_events(self, subscribed: asyncio.Event) -> None:
        while True:
            try:
                async for event in received_events():
                    subscribed.set()
                    if event is not None:
                        await self.deliver([event])
            except Exception as error:  # noqa: BLE001 - whatever fails, the database is read
                logger.warning("Redis lost, reading the database meanwhile: %s", error)
                subscribed.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow_database(self) -> None:
        while True:
            await asyncio.sleep(CATCH_UP_SECONDS)
            await self.catch_up()

    async def catch_up(self) -> None:
        """Tell what is written and was not heard of. One query, and one more if there is any."""
        async with self._reading:
            try:
                unheard = await database_sync_to_async(self._read)()
            except DatabaseError as error:
                logger.warning("Live messages could not be read, trying again: %s", error)
                return
        for message in unheard:
            if told := self.tail.add(live.event_of(message)):
                await self._tell(told)

    def _load(self) -> None:
        """Begin with what is there already, which nobody here has to be told."""
        messages = live.newest(KEPT)
        self.tail = MessageBuffer(floor=messages[0].pk - 1 if messages else 0)
        for message in messages:
            self.tail.add(live.event_of(message), known_at=message.written_at.timestamp())
        self._read_until = max((message.written_at for message in messages), default=None)

    def _read(self) -> list[LiveMessage]:
        until = self._read_until
        written = live.written_since(until - live.OVERLAP if until else None)
        self._read_until = max(written.values(), default=until)
        unheard = [pk for pk in written if self.tail.lacks(pk)]
        return list(LiveMessage.objects.filter(pk__in=unheard)) if unheard else []


def _remove(index: defaultdict[Any, set[Subscriber]], key: Any, subscriber: Subscriber) -> None:
    index[key].discard(subscriber)
    if not index[key]:
        del index[key]


def _failed(task: asyncio.Task[None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


hub = Hub()
