"""The only place where tests pause: between two looks at a condition.

A test waits for a condition, never for a time. What must not happen is shown by something later
that does: a message that is sent after it, or a timer that is made to run.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from django.db import connection

PATIENCE = 240.0  # seconds, after which something hangs: a busy machine takes long
PAUSE_SECONDS = 0.01


def wait_until[T](
    condition: Callable[[], T],
    otherwise: Callable[[], object] = lambda: "",
    *,
    patience: float = PATIENCE,
) -> T:
    """What `condition` gives once that is true; fails with `otherwise()` if it never is."""
    end = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(otherwise() or "The condition was never true")
        time.sleep(PAUSE_SECONDS)
    return value


async def pause() -> None:
    await asyncio.sleep(PAUSE_SECONDS)


async def until_true[T](condition: Callable[[], Awaitable[T]]) -> T:
    """The same without blocking the event loop."""
    async with asyncio.timeout(PATIENCE):
        while not (value := await condition()):
            await pause()
    return value


def another_waits() -> bool:
    """Whether a connection waits for a lock of this one, on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
