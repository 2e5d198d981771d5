import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import redis as redis_client
from celery.beat import SchedulingError
from django.conf import settings
from kombu import Connection

from hackathon.base.accounts.tasks import deliver
from hackathon.celery import app
from hackathon.run.operations import scheduler
from submissions.inspection.tasks import inspect
from submissions.receipts.tasks import mail_receipt
from submissions.seals.tasks import mail_seal
from tests import services
from tests.operations import compose
from tests.operations.smtp import Sink, sink
from tests.submissions.tus.servers import environment
from tests.waiting import PATIENCE, wait_until

REDELIVERY_SECONDS = 6  # longer than a slow machine needs for a mail: it would be sent twice

pytestmark = pytest.mark.postgres


@pytest.fixture
def redis() -> Iterator[services.Redis]:
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    server = services.Redis()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def smtp() -> Iterator[Sink]:
    with sink() as server:
        yield server


@contextlib.contextmanager
def celery_process(name: str, redis: services.Redis, smtp: Sink) -> Iterator[subprocess.Popen]:
    """As docker-compose.yml starts it, in a process group of its own."""
    command = compose.services()[name]["command"].split()[1:]
    log = settings.DATA_DIR / f"{name}.log"
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", *command],
            cwd=compose.ROOT,
            env=environment(
                CCD_REDIS_URL=redis.url,
                CCD_SMTP_HOST="127.0.0.1",
                CCD_SMTP_PORT=str(smtp.port),
                CCD_SMTP_TLS="0",
                CCD_PROCESS=name,
                CCD_REDELIVERY_SECONDS=str(REDELIVERY_SECONDS),
            ),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def send(redis: services.Redis, task: Any, *arguments: object, count: int = 1) -> None:
    with Connection(redis.url) as connection:
        for _ in range(count):
            task.apply_async(arguments, connection=connection)


@pytest.fixture(autouse=True)
def _really_sent(db: None) -> Iterator[None]:
    # Celery closes the connection when it imports the tasks.
    app.finalize()
    app.loader.import_default_modules()
    eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    yield
    app.conf.task_always_eager = eager


@pytest.mark.django_db(transaction=True)
def test_a_code_waits_neither_behind_other_work_nor_for_a_killed_worker(redis, smtp):
    """No worker consumes the other queues here: in one shared queue the code would stay unsent."""
    send(redis, inspect, 1, count=100)
    send(redis, mail_receipt, 1, count=100)

    def is_mailed(code: str) -> None:
        wait_until(lambda: any(code in mail for mail in smtp.mails))
        wait_until(lambda: _left(redis) == 0)  # nothing that Redis could deliver again

    with celery_process("mail", redis, smtp) as first:
        _begin(redis, smtp, "1234-5678")
        for child in _children(first.pid):
            os.kill(child, signal.SIGKILL)
        is_mailed("1234-5678")
        _begin(redis, smtp, "8765-4321")
        os.killpg(first.pid, signal.SIGKILL)
        with celery_process("mail", redis, smtp):
            is_mailed("8765-4321")

    assert len(smtp.mails) == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_outlives_a_redis_that_ends_while_it_works(redis, smtp):
    """Also without a supervisor that would start it again."""
    log = settings.DATA_DIR / "mail.log"
    with celery_process("mail", redis, smtp) as worker:
        _begin(redis, smtp, "1234-5678")
        redis.kill()
        wait_until(lambda: worker.poll() is not None or "Cannot connect" in log.read_text())
        redis.start()
        send(redis, deliver, "Code", "8765-4321", "ada@example.org")
        wait_until(lambda: worker.poll() is not None or any("8765-4321" in m for m in smtp.mails))

        assert worker.poll() is None


def _begin(redis: services.Redis, smtp: Sink, code: str) -> None:
    """Returns while a worker sends the mail; what it has begun gets no answer."""
    smtp.begun.clear()
    smtp.silent = True
    send(redis, deliver, "Code", code, "ada@example.org")
    assert smtp.begun.wait(PATIENCE)
    smtp.silent = False


def _left(redis: services.Redis) -> int:
    """Mails in the queue, and those that a worker has taken and not acknowledged."""
    with redis_client.Redis(port=redis.port) as client:
        queues = client.keys("mail*")
        return sum(client.llen(queue) for queue in queues) + client.hlen("unacked")


def _children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return [int(child) for child in found.stdout.split()]


def test_no_retry_waits_longer_than_the_redelivery():
    """A worker keeps a task that it retries later: Redis would give it to another one as well."""
    waits = {
        name: task.retry_backoff_max
        for name, task in app.tasks.items()
        if getattr(task, "autoretry_for", ())
    }

    shortest = 60  # the default of CCD_REDELIVERY_SECONDS
    assert len(waits) >= 4
    assert max(waits.values()) <= shortest / 2, waits


def test_receipts_come_before_inspections():
    priorities = [
        app.amqp.router.route({}, task.name).get("priority", 0)
        for task in (mail_receipt, mail_seal, inspect)
    ]

    assert priorities == [3, 3, 6]


def test_an_old_code_is_not_mailed():
    assert deliver.expires == settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
    assert deliver.expires == settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT


def test_beat_without_redis_writes_a_line_a_minute(tmp_path, monkeypatch, caplog):
    beat = scheduler.Scheduler(app, schedule_filename=str(tmp_path / "beat"))

    def fail(*_: object, **__: object) -> None:
        raise SchedulingError("Couldn't apply scheduled task: Connection refused")

    monkeypatch.setattr(beat, "apply_async", fail)
    for entry in list(beat.schedule.values()) * 30:
        beat.apply_entry(entry)
    monkeypatch.setattr(beat, "apply_async", lambda *_, **__: None)
    beat.apply_entry(entry)
    beat.close()

    lines = [(record.levelname, record.exc_info) for record in caplog.records]
    assert lines == [("ERROR", None), ("WARNING", None)]


@pytest.mark.django_db(transaction=True)
def test_beat_goes_on_without_redis(redis, tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "celery", "-A", "hackathon", "beat"]
    command += ["--schedule", str(tmp_path / "beat")]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=compose.ROOT,
            env=environment(CCD_REDIS_URL=redis.url),
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(lambda: _queued(redis), log.read_text)
        redis.kill()
        wait_until(lambda: "Redis does not answer" in log.read_text(), log.read_text)
        redis.start()
        wait_until(lambda: _queued(redis), log.read_text)
        written = log.read_text()  # Celery may fail while it is stopped
    finally:
        process.terminate()
        process.wait(60)

    assert "Traceback" not in written
    assert len(written.splitlines()) < 40


def _queued(redis: services.Redis) -> int:
    with redis_client.Redis(port=redis.port) as client:
        return client.llen("clock")
