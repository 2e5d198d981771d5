"""Background work without Redis: the same tasks, in threads of this process."""

import threading
import time
from collections.abc import Iterator

import pytest
from celery import shared_task
from django.db import transaction

from hackathon.celery import app
from hackathon.core.background import EmbeddedWorker, enqueue, skip_tasks

ran_in: list[str] = []


@shared_task
def note_the_thread() -> None:
    """Remember where this ran."""
    ran_in.append(threading.current_thread().name)


@pytest.fixture(autouse=True)
def _forget() -> None:
    ran_in.clear()


@pytest.fixture
def worker() -> Iterator[EmbeddedWorker]:
    """The embedded worker, started as the web process does."""
    worker = EmbeddedWorker()
    worker.start()
    yield worker
    worker.stop()


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_a_task_runs_at_once() -> None:
    enqueue(note_the_thread)

    assert ran_in == [threading.current_thread().name]


@pytest.mark.django_db(transaction=True)
def test_the_embedded_worker_runs_tasks_off_the_callers_thread(worker: EmbeddedWorker) -> None:
    enqueue(note_the_thread)

    until = time.monotonic() + 10
    while not ran_in and time.monotonic() < until:
        time.sleep(0.02)
    assert len(ran_in) == 1
    assert ran_in != [threading.current_thread().name]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_queued_by_a_transaction_that_rolls_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(note_the_thread)
        raise ZeroDivisionError

    assert ran_in == []


@pytest.mark.django_db  # Celery has Django check its models, which may ask the database
def test_a_stopped_worker_gives_the_thread_back() -> None:
    before = threading.active_count()
    worker = EmbeddedWorker()
    worker.start()

    worker.stop()

    assert app.conf.task_always_eager is True
    assert threading.active_count() <= before + 1


@pytest.mark.django_db(transaction=True)
def test_what_is_left_out_is_not_queued() -> None:
    with skip_tasks(note_the_thread):
        enqueue(note_the_thread)
    left = list(ran_in)
    enqueue(note_the_thread)

    assert (left, len(ran_in)) == ([], 1)
