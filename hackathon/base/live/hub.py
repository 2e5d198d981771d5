"""Fan-out to the sockets of one process (`docs/live.md`, decisions 13 and 24)."""

import asyncio
import contextlib
import logging
import os
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import batched
from typing import Any, Protocol

from channels.db import database_sync_to_async
from django.db import DatabaseError

from hackathon.base.core import metrics
from hackathon.base.core.models import LiveMessage
from hackathon.base.live import buffer, messages
from hackathon.base.live.buffer import BufferedMessage, MessageBuffer
from hackathon.base.live.sent_fragments import FragmentSender
from hackathon.base.live.transport import received_events

logger = logging.getLogger(__name__)

SUBSCRIBE_SECONDS = 2.0  # without an answer of Redis, messages come from the database
RETRY_SECONDS = 1.0
CATCH_UP_SECONDS = 1.0
JUST_AFTER = 0.01  # seconds
BATCH_SIZE = 100
FETCH_SECONDS = 0.015  # of one processor, for a part of a page
MAX_SHARE = 1 / 3  # of the machine
USUAL_SPREAD_MS = 1250  # as in refresh.js
NO_RIGHTS: tuple[int | None, frozenset[str]] = (None, frozenset())


class Subscriber(Protocol):
    without: frozenset[str]
    """Types of messages that its page does not use: it does not get them."""

    def offer(self, text: str) -> None:
        """Must not block."""

    def recheck(self) -> None:
        """Must not block."""


class Hub:
    """Call all methods on the thread of the event loop."""

    def __init__(self) -> None:
        self.buffer = MessageBuffer()
        self.fragments = FragmentSender(self.audiences_of)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._reading = asyncio.Lock()
        self._read_until: datetime | None = None
        self._read_at = time.time()  # when the database was last read
        self._by_audience: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._by_user: defaultdict[int, set[Subscriber]] = defaultdict(set)
        self._rights: dict[Subscriber, tuple[int | None, frozenset[str]]] = {}
        self._expected: set[Subscriber] = set()
        self._unsent: list[int] = []  # the marks before the messages that are being sent

    # ------------------------------------------------------------ subscribers

    @property
    def connections(self) -> int:
        return len(self._rights) + len(self._expected)

    def audiences_of(self, subscriber: Subscriber) -> frozenset[str] | None:
        """None while its rights are not known."""
        rights = self._rights.get(subscriber)
        return None if rights is None else rights[1]

    def audiences_of_pages(self) -> list[frozenset[str]]:
        """From any thread."""
        return [audiences for _user, audiences in list(self._rights.values())]

    def sockets_of(self, user_pk: int | None) -> int:
        """None: of all who are not signed in."""
        if user_pk is not None:
            return len(self._by_user.get(user_pk, ()))
        return len(self._rights) - sum(map(len, self._by_user.values()))

    def expect(self, subscriber: Subscriber) -> None:
        """Until `subscribe` it gets no messages, and is rechecked when any user's rights change."""
        self.unsubscribe(subscriber)
        self._expected.add(subscriber)

    def subscribe(
        self, subscriber: Subscriber, audiences: Iterable[str], user_pk: int | None = None
    ) -> None:
        self.unsubscribe(subscriber)
        names = frozenset(audiences)
        self._rights[subscriber] = (user_pk, names)
        for audience in names:
            self._by_audience[audience].add(subscriber)
        if user_pk is not None:
            self._by_user[user_pk].add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        self._expected.discard(subscriber)
        user_pk, audiences = self._rights.pop(subscriber, NO_RIGHTS)
        for audience in audiences:
            _remove(self._by_audience, audience, subscriber)
        if user_pk is not None:
            _remove(self._by_user, user_pk, subscriber)

    # ------------------------------------------------------------ fan-out

    async def deliver(self, events: Iterable[dict[str, Any]]) -> None:
        for event in events:
            if "user" in event:
                self._recheck(event["user"])
            elif message := self.buffer.add(event):
                await self._send(message)
                if (committed := event.get("committed")) is not None:
                    _observe(committed)

    def _recheck(self, user_pk: int | None) -> None:
        concerned = self._rights if user_pk is None else self._by_user.get(user_pk, ())
        # Whose sockets the expected ones are is not known yet.
        for subscriber in (*concerned, *self._expected):
            subscriber.recheck()

    @property
    def mark(self) -> int:
        """Of the buffer, before the first message that not all its receivers have got yet."""
        return min(self._unsent, default=self.buffer.mark)

    async def _send(self, message: BufferedMessage) -> None:
        """Call it at once after the message has come into the buffer."""
        before = self.buffer.mark - 1
        self._unsent.append(before)
        try:
            await self._send_to_receivers(message)
        finally:
            self._unsent.remove(before)

    async def _send_to_receivers(self, message: BufferedMessage) -> None:
        receivers: set[Subscriber] = set()
        for audience in message.audiences:
            receivers |= self._by_audience.get(audience, set())
        text = _with_spread(message.text, len(receivers))
        for batch in batched(receivers, BATCH_SIZE):
            for subscriber in batch:
                # Its rights may have changed while the message was sent to others.
                if self._receives(subscriber, message):
                    subscriber.offer(text)
            # Lets the loop write to the sockets and handle what they sent.
            await asyncio.sleep(0)
        self.fragments.changed({message.type}, receivers, self.buffer.mark)

    def _receives(self, subscriber: Subscriber, message: BufferedMessage) -> bool:
        _user_pk, audiences = self._rights.get(subscriber, NO_RIGHTS)
        return message.type not in subscriber.without and not audiences.isdisjoint(
            message.audiences
        )

    # ------------------------------------------------------------ where messages come from

    async def start(self) -> None:
        """Returns once no message is missed any more."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._ready is None or _failed(self._ready):
            self._loop = loop
            self._ready = loop.create_task(self._start())
        # A socket that goes away must not cancel what the others wait for.
        await asyncio.shield(self._ready)

    async def _start(self) -> None:
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
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SUBSCRIBE_SECONDS):
                await subscribed.wait()
        # Again: a message may have been committed after `_load` and before the subscription.
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
            # Just after each second: instants of publication are whole seconds.
            await asyncio.sleep(CATCH_UP_SECONDS - (time.time() - JUST_AFTER) % CATCH_UP_SECONDS)
            try:
                self.fragments.render_again()
                await self.catch_up()
            except Exception:  # without this task no lost message is found any more
                logger.exception("Live messages could not be followed, trying again")

    async def catch_up(self) -> None:
        """One query, or two if messages were missed."""
        async with self._reading:
            reading_at = time.time()
            try:
                missing = await database_sync_to_async(self._read_missing)()
            except DatabaseError as error:
                logger.warning("Live messages could not be read, trying again: %s", error)
                return
            read_before, self._read_at = self._read_at, reading_at
        for message in missing:
            if buffered := self.buffer.add(messages.event_of(message)):
                await self._send(buffered)
                # Its commit came after its writing, and after it was not found the last time.
                _observe(max(message.written_at.timestamp(), read_before))

    def _load(self) -> None:
        self._read_at = time.time()
        newest = messages.newest(buffer.SIZE)
        self.buffer = MessageBuffer(floor=newest[0].pk - 1 if newest else 0)
        for message in newest:
            self.buffer.add(messages.event_of(message), known_at=message.written_at.timestamp())
        self._read_until = max((message.written_at for message in newest), default=None)

    def _read_missing(self) -> list[LiveMessage]:
        until = self._read_until
        written = messages.written_since(until - messages.OVERLAP if until else None)
        missing = [pk for pk in written if self.buffer.lacks(pk)]
        rows = list(LiveMessage.objects.filter(pk__in=missing)) if missing else []
        # Last: if the second query fails, the next reading begins where this one did.
        self._read_until = max(written.values(), default=until)
        return rows


def _with_spread(text: str, receivers: int) -> str:
    """Says over how long pages that fetch something because of this message shall ask."""
    milliseconds = round(receivers * FETCH_SECONDS / ((os.cpu_count() or 1) * MAX_SHARE) * 1000)
    return f'{text[:-1]},"spread":{milliseconds}}}' if milliseconds > USUAL_SPREAD_MS else text


def _observe(committed: float) -> None:
    metrics.MESSAGE_SECONDS.observe(max(0.0, time.time() - committed))


def _remove(index: defaultdict[Any, set[Subscriber]], key: Any, subscriber: Subscriber) -> None:
    index[key].discard(subscriber)
    if not index[key]:
        del index[key]


def _failed(task: asyncio.Task[None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


hub = Hub()
