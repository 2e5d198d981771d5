"""Background work. `enqueue` is how services ask for it; without Redis a worker and a scheduler run
as threads of the web process, through the same Celery tasks.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery import Task
from celery.beat import EmbeddedService, Scheduler
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from hackathon.celery import app

logger = logging.getLogger(__name__)
_left_out: ContextVar[tuple[Task, ...]] = ContextVar("left_out", default=())


def enqueue(task: Task, *ids: Any) -> None:
    """Run `task(*ids)` in the background once the open transaction has committed.

    Nothing waits for it. A broker that is away is logged, never the caller's problem: no decision
    hangs on background work.
    """
    if task in _left_out.get():
        return

    def send() -> None:
        try:
            task.delay(*ids)
        except OperationalError as error:
            logger.error("Not queued, the broker is away: %s%s (%s)", task.name, ids, error)

    transaction.on_commit(send)


@contextmanager
def leaving_out(*tasks: Task) -> Iterator[None]:
    """Within it `enqueue` forgets these tasks: nobody is mailed because a demo was made."""
    before = _left_out.set(tasks)
    try:
        yield
    finally:
        _left_out.reset(before)


class EmbeddedWorker:
    """A Celery worker and beat in threads of this process, on an in-memory broker."""

    def __init__(self) -> None:
        self._worker: Any = None
        self._beat: Any = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start both, unless Redis carries the work to real workers. Returns at once."""
        if settings.REDIS_URL:
            return
        app.conf.task_always_eager = False
        self._worker = app.WorkController(
            hostname="embedded@localhost",
            pool_cls="threads",
            concurrency=2,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        self._threads = [
            threading.Thread(target=self._worker.start, name="worker", daemon=True),
            self._beat,
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is running, then end both threads. Waits five seconds at most."""
        if self._worker is None:
            return
        self._beat.stop()
        self._worker.stop()
        self._threads[0].join(5)
        app.conf.task_always_eager = settings.CELERY_TASK_ALWAYS_EAGER
        self._worker = None
