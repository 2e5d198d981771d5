import json
import time
from dataclasses import dataclass

import redis
from django.conf import settings

from hackathon.celery import app

QUEUED_AT = "ccd_queued_at"  # header of a queued task: seconds since 1970
TIMEOUT_SECONDS = 2.0
# Redis keeps a list for each priority (kombu).
PRIORITIES = ("", *(f"\x06\x16{step}" for step in (3, 6, 9)))


@dataclass(frozen=True)
class Queue:
    """`oldest_seconds`: for how long its oldest task waits."""

    name: str
    length: int
    oldest_seconds: float


def queues() -> list[Queue]:
    """Empty without Redis. Raises `RedisError`."""
    if not settings.REDIS_URL:
        return []
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=TIMEOUT_SECONDS
    )
    with client:
        return [_queue(client, name) for name in app.conf.task_queues]


def _queue(client: redis.Redis, name: str) -> Queue:
    lists = [name + priority for priority in PRIORITIES]
    # Tasks are taken from the right end.
    ages = [_age(client.lindex(key, -1)) for key in lists]
    return Queue(name, sum(int(client.llen(key)) for key in lists), max(ages))


def _age(message: str | bytes | None) -> float:
    if message is None:
        return 0.0
    queued_at = json.loads(message)["headers"].get(QUEUED_AT, time.time())
    return max(0.0, time.time() - float(queued_at))
