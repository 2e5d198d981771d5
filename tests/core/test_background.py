import threading
import time
from collections.abc import Iterator

import pytest
from celery import shared_task
from django.db import transaction

from hackathon.celery import app
from hackathon.core.background import EmbeddedWorker, enqueue, skip_tasks

threads: list[str] = []


@shared_task
def record_thread() -> None:
    threads.append(threading.current_thread().name)


@pytest.fixture(autouse=True)
def _clear() -> None:
    threads.clear()


@pytest.fixture
def worker() -> Iterator[EmbeddedWorker]:
    worker = EmbeddedWorker()
    worker.start()
    yield worker
    worker.stop()


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_a_task_runs_at_once() -> None:
    enqueue(record_thread)

    assert threads == [threading.current_thread().name]


@pytest.mark.django_db(transaction=True)
def test_the_embedded_worker_runs_tasks_in_another_thread(worker: EmbeddedWorker) -> None:
    enqueue(record_thread)

    until = time.monotonic() + 10
    while not threads and time.monotonic() < until:
        time.sleep(0.02)
    assert len(threads) == 1
    assert threads != [threading.current_thread().name]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_queues_no_task() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(record_thread)
        raise ZeroDivisionError

    assert threads == []


@pytest.mark.django_db  # Celery runs Django's checks, which may use the database
def test_a_stopped_worker_ends_its_threads() -> None:
    before = threading.active_count()
    worker = EmbeddedWorker()
    worker.start()

    worker.stop()

    assert app.conf.task_always_eager is True
    assert threading.active_count() <= before + 1


@pytest.mark.django_db(transaction=True)
def test_skipped_tasks_are_not_queued() -> None:
    with skip_tasks(record_thread):
        enqueue(record_thread)
    skipped = list(threads)
    enqueue(record_thread)

    assert (skipped, len(threads)) == ([], 1)
