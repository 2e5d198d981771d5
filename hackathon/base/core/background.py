import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from smtplib import SMTPException
from typing import Any

from celery import Task
from celery.beat import EmbeddedService, Scheduler
from celery.signals import task_prerun
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from hackathon.base.core.queue_thread import QueueThread
from hackathon.celery import app

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
EXIT_SECONDS = 5.0
# Requests have priority over the tasks of the embedded worker: while more than CALM_REQUESTS are
# being processed, without those that take long, a task is delayed by LONGEST_WAIT_SECONDS at most.
# Without this a publication takes 2.0 s instead of 1.3 on 400 pages (bench/results/night.md).
CALM_REQUESTS = 2
LONG_REQUEST_SECONDS = 3.0
LONGEST_WAIT_SECONDS = 3.0

_skipped: ContextVar[tuple[Task, ...]] = ContextVar("skipped", default=())


def enqueue(task: Task, *ids: Any) -> None:
    """Run `task(*ids)` after the commit. While Redis is away it waits in memory: if it must not be
    lost, a periodic task has to queue it again. Mail that somebody waits for does not wait: this
    process sends it itself, after the answer.
    """
    if task in _skipped.get():
        return
    if settings.REDIS_URL:
        sender = urgent_sender if _is_urgent(task) else task_sender
        transaction.on_commit(lambda: sender.put((task, ids)))
    else:
        transaction.on_commit(lambda: task.delay(*ids))


@contextmanager
def skip_tasks(*tasks: Task) -> Iterator[None]:
    """`enqueue` ignores these tasks: a demo edition must not send mails."""
    token = _skipped.set(tasks)
    try:
        yield
    finally:
        _skipped.reset(token)


def _send(call: tuple[Task, tuple[Any, ...]]) -> None:
    task, ids = call
    while True:
        try:
            task.delay(*ids)
        except OperationalError as error:
            if _is_urgent(task) and _done_here(task, ids):
                return
            logger.error("The broker is away, %s tasks wait: %s", task_sender.waiting, error)
            time.sleep(RETRY_SECONDS)
        else:
            return


def _is_urgent(task: Task) -> bool:
    route: dict[str, Any] = app.conf.task_routes.get(task.name, {})
    return route.get("queue") == "mail"


def _yield_to_requests(sender: Task, **_: Any) -> None:
    """Delays a task, unless it is periodic or urgent."""
    if ".tasks." not in sender.name or _is_urgent(sender):
        return
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while site_load.is_busy and time.monotonic() < until:
        time.sleep(0.1)


def _done_here(task: Task, ids: tuple[Any, ...]) -> bool:
    try:
        task.run(*ids)
    except (OSError, SMTPException) as error:
        logger.warning("%s failed, and the broker is away: %s", task.name, error)
        return False
    return True


# An urgent task must not wait behind others that wait for the broker.
urgent_sender = QueueThread("urgent-sender", _send, exit_seconds=EXIT_SECONDS)
task_sender = QueueThread("task-sender", _send, exit_seconds=EXIT_SECONDS)


class SiteLoad:
    """The requests that this process is processing."""

    def __init__(self) -> None:
        self._begun: dict[object, float] = {}

    @contextmanager
    def request(self) -> Iterator[None]:
        key = object()
        self._begun[key] = time.monotonic()
        try:
            yield
        finally:
            del self._begun[key]

    @property
    def is_busy(self) -> bool:
        """From any thread. A request that takes long is the upload of a large file."""
        since = time.monotonic() - LONG_REQUEST_SECONDS
        return sum(at > since for at in list(self._begun.values())) > CALM_REQUESTS


site_load = SiteLoad()


class EmbeddedWorker:
    """A Celery worker and beat in threads of this process, with a broker in memory."""

    def __init__(self) -> None:
        self._worker: Any = None
        self._beat: Any = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        if settings.REDIS_URL:
            return  # there are real workers
        app.conf.task_always_eager = False
        task_prerun.connect(_yield_to_requests)
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
        if self._worker is None:
            return
        task_prerun.disconnect(_yield_to_requests)
        self._beat.stop()
        self._worker.stop()
        self._threads[0].join(5)
        app.conf.task_always_eager = settings.CELERY_TASK_ALWAYS_EAGER
        self._worker = None
