"""Events between the processes. They may be lost: each process also reads the database."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from hackathon.base.core.queue_thread import QueueThread

logger = logging.getLogger(__name__)

# A message (`live.event_of`), or {"user": pk}: the rights of this user (None: of all) have changed.
type Event = dict[str, Any]

CHANNEL = "live"
TIMEOUT_SECONDS = 2.0
POLL_SECONDS = 5.0


class LiveSender:
    def __init__(self) -> None:
        self._thread = QueueThread("live-sender", self._publish, exit_seconds=TIMEOUT_SECONDS)
        self._client: redis.Redis | None = None
        self._local: tuple[asyncio.AbstractEventLoop, asyncio.Queue[Event]] | None = None

    def receive_locally(self) -> asyncio.Queue[Event]:
        """Without Redis. The queue belongs to the running event loop."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._local = asyncio.get_running_loop(), queue
        return queue

    def send(self, event: Event) -> None:
        """Returns at once, never raises."""
        if settings.REDIS_URL:
            self._thread.put(event)
        elif self._local is not None:
            loop, queue = self._local
            with contextlib.suppress(RuntimeError):  # the loop was closed
                loop.call_soon_threadsafe(queue.put_nowait, event)

    def _publish(self, event: Event) -> None:
        try:
            if self._client is None:
                self._client = redis.Redis.from_url(
                    settings.REDIS_URL,
                    socket_connect_timeout=TIMEOUT_SECONDS,
                    socket_timeout=TIMEOUT_SECONDS,
                    retry=Retry(NoBackoff(), 1),  # a connection that Redis has closed meanwhile
                )
            self._client.publish(CHANNEL, json.dumps(event))
        except RedisError as error:
            logger.warning("Redis unreachable, live event not sent: %s", error)


live_sender = LiveSender()


async def received_events() -> AsyncIterator[Event | None]:
    """Yields None once no event is missed any more. Raises `RedisError` or `OSError`."""
    if not settings.REDIS_URL:
        queue = live_sender.receive_locally()
        yield None
        while True:
            yield await queue.get()
    client = redis.asyncio.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=TIMEOUT_SECONDS,
        socket_keepalive=True,
        health_check_interval=int(POLL_SECONDS),
    )
    async with client, client.pubsub() as subscription:
        await subscription.subscribe(CHANNEL)
        while True:
            message = await subscription.get_message(timeout=POLL_SECONDS)
            if message is not None:
                yield json.loads(message["data"]) if message["type"] == "message" else None
