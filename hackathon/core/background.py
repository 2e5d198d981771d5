"""Background work. `enqueue` is how services ask for it; without Redis a worker and a scheduler run
as threads of the web process, through the same Celery tasks.
"""

import atexit
import logging
import os
import queue
import threading
import time
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

RETRY_SECONDS = 1.0
HELD_AT_MOST = 10_000
LAST_WORDS_SECONDS = 5.0  # what a command that ends waits for

_left_out: ContextVar[tuple[Task, ...]] = ContextVar("left_out", default=())


def enqueue(task: Task, *ids: Any) -> None:
    """Run `task(*ids)` in the background once the open transaction has committed.

    Nothing waits for it. A broker that is away is logged, never the caller's problem: no decision
    hangs on background work, and what must not be lost has a periodic task that asks again.
    """
    if task in _left_out.get():
        return
    if settings.REDIS_URL:
        transaction.on_commit(lambda: task_sender.post(task, *ids))
    else:
        transaction.on_commit(lambda: task.delay(*ids))


class TaskSender:
    """Hands tasks to the broker, one after the other, from a thread of its own: a request does not
    wait for Redis. While that is away tasks wait here, for as long as this process lives.
    """

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)  # threads stay behind in the parent

    def _begin(self) -> None:
        self._held: queue.Queue[tuple[Task, tuple[Any, ...]]] = queue.Queue(HELD_AT_MOST)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def post(self, task: Task, *ids: Any) -> None:
        """Have a task queued, soon. Returns at once and never fails."""
        try:
            self._held.put_nowait((task, ids))
        except queue.Full:
            logger.error("Not queued, too many tasks wait for the broker: %s%s", task.name, ids)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="postbox", daemon=True)
                self._thread.start()
                atexit.register(self._last_words)

    def _work(self) -> None:
        while True:
            task, ids = self._held.get()
            while not self._handed_over(task, ids):
                time.sleep(RETRY_SECONDS)
            self._held.task_done()

    def _handed_over(self, task: Task, ids: tuple[Any, ...]) -> bool:
        try:
            task.delay(*ids)
        except OperationalError as error:
            waiting = self._held.unfinished_tasks
            logger.error("The broker is away, %s tasks wait: %s", waiting, error)
            return False
        return True

    def _last_words(self) -> None:
        """Let what was posted go out before the process ends."""
        until = time.monotonic() + LAST_WORDS_SECONDS
        while self._held.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.02)
        if self._held.unfinished_tasks:
            logger.error("%s tasks were not queued.", self._held.unfinished_tasks)


task_sender = TaskSender()


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
