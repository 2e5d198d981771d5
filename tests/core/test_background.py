import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from celery import shared_task
from celery.signals import task_prerun
from django.core import mail
from django.db import transaction
from kombu.exceptions import OperationalError

from hackathon.base.accounts.tasks import deliver
from hackathon.base.core import background
from hackathon.base.core.background import EmbeddedWorker, enqueue, skip_tasks
from hackathon.celery import app
from tests.waiting import wait_until

threads: list[str] = []


@shared_task
def record_thread() -> None:
    threads.append(threading.current_thread().name)


@pytest.fixture(autouse=True)
def _clear() -> None:
    threads.clear()


@pytest.fixture
def worker(db) -> Iterator[EmbeddedWorker]:
    """Needs `db`: Celery runs Django's checks, which may use the database."""
    worker = EmbeddedWorker()
    worker.start()
    yield worker
    worker.stop()


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_a_task_runs_at_once():
    enqueue(record_thread)

    assert threads == [threading.current_thread().name]


@pytest.mark.django_db(transaction=True)
def test_the_embedded_worker_runs_tasks_in_another_thread(worker):
    enqueue(record_thread)

    wait_until(lambda: threads)
    assert len(threads) == 1
    assert threads != [threading.current_thread().name]


@pytest.mark.parametrize(
    ("name", "waits"),
    [
        ("submissions.inspection.tasks.inspect", True),
        ("submissions.periodic.seal_due", False),  # due at an instant
        ("hackathon.accounts.tasks.deliver", False),  # somebody waits for a code
    ],
)
def test_a_task_of_the_embedded_worker_waits_while_many_people_do(worker, monkeypatch, name, waits):
    monkeypatch.setattr(background, "LONG_REQUEST_SECONDS", 600.0)
    monkeypatch.setattr(background, "LONGEST_WAIT_SECONDS", 600.0)
    requests = ExitStack()
    for _ in range(background.CALM_REQUESTS + 1):
        requests.enter_context(background.site_load.request())
    answers = threading.Timer(0.3, requests.close)
    if waits:
        answers.start()

    task_prerun.send(sender=app.tasks[name])
    was_busy = background.site_load.is_busy
    if waits:
        answers.join()  # it may still be ending the last requests
    requests.close()

    assert was_busy != waits


def test_a_request_that_takes_long_is_no_load(monkeypatch):
    monkeypatch.setattr(background, "LONG_REQUEST_SECONDS", 0.0)
    with ExitStack() as requests:
        for _ in range(background.CALM_REQUESTS + 1):
            requests.enter_context(background.site_load.request())

        assert not background.site_load.is_busy


@pytest.mark.django_db(transaction=True)
def test_a_rollback_queues_no_task():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(record_thread)
        raise ZeroDivisionError

    assert threads == []


@pytest.mark.django_db  # Celery runs Django's checks, which may use the database
def test_a_stopped_worker_ends_its_threads():
    before = threading.active_count()
    worker = EmbeddedWorker()
    worker.start()

    worker.stop()

    assert app.conf.task_always_eager is True
    wait_until(lambda: threading.active_count() <= before + 1)


@pytest.mark.django_db(transaction=True)
def test_skipped_tasks_are_not_queued():
    with skip_tasks(record_thread):
        enqueue(record_thread)
    skipped = list(threads)
    enqueue(record_thread)

    assert (skipped, len(threads)) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_code_is_mailed_although_the_broker_is_away(settings, monkeypatch):
    """And although other tasks wait for the broker, and the first attempt fails."""
    settings.REDIS_URL = "redis://away"
    is_away = threading.Event()
    is_away.set()
    sent: list[str] = []

    def delay(*_ids: object) -> None:
        if is_away.is_set():
            raise OperationalError
        sent.append("by the broker")

    attempts = iter([OSError("the mail server is away"), None])

    def send(message: mail.EmailMessage) -> None:
        if error := next(attempts):
            raise error
        sent.append(message.subject)

    monkeypatch.setattr(background, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(record_thread, "delay", delay)
    monkeypatch.setattr(deliver, "delay", delay)
    monkeypatch.setattr(mail.EmailMessage, "send", send)
    try:
        enqueue(record_thread)
        enqueue(deliver, "Code", "1234-5678", "ada@example.org")
        wait_until(lambda: sent)
    finally:
        is_away.clear()
    wait_until(lambda: not background.task_sender.waiting)

    assert sent == ["Code", "by the broker"]
    assert threads == []
