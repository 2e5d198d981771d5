import asyncio
import os
import runpy
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery.signals import beat_init, celeryd_init, heartbeat_sent, worker_ready
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from hackathon.asgi import lifespan
from hackathon.celery import app
from hackathon.run.operations import heartbeats, readiness, warm_up
from hackathon.run.operations.celery_processes import STUCK_SECONDS
from hackathon.run.operations.consumer import Consumer
from hackathon.run.operations.enums import ProcessKind
from hackathon.run.operations.migrated import NotServing, require_migrated
from hackathon.run.operations.models import Heartbeat
from hackathon.run.operations.selectors import processes
from tests import services
from tests.operations import compose

ROOT = Path(__file__).parent.parent.parent
CELERY = "hackathon.run.operations.celery_processes"


@pytest.fixture(autouse=True)
def _nothing_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    readiness.forget_results()
    monkeypatch.setattr(readiness._Migrations, "__call__", _migrations_each_time)


def _migrations_each_time(_self: object) -> dict:
    if readiness.unapplied_migrations():
        raise readiness.Failed("not applied")
    return {}


def version_of_project() -> str:
    found: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return found


def test_alive_needs_no_database_and_no_known_host():
    # No mark `django_db`: a query would fail.
    answer = Client().get("/healthz", headers={"host": "10.0.0.7:8000"})

    assert answer.status_code == 200
    assert answer.json() == {"alive": True}
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_ready_names_each_check():
    answer = Client().get("/readyz", headers={"host": "10.0.0.7:8000"})

    found = answer.json()
    assert answer.status_code == 200
    assert found["ready"] is True
    assert found["version"] == version_of_project()
    assert set(found["checks"]) >= {
        "database",
        "migrations",
        "redis",
        "storage",
        "processes",
        "clock",
        "backup",
        "copy",
    }


@pytest.mark.django_db
def test_not_ready_on_an_unmigrated_database():
    MigrationRecorder.Migration.objects.filter(app="setup").delete()

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["ok"] is False


@pytest.mark.django_db
def test_ready_without_redis_but_degraded(settings):
    secret = "of-the-broker"
    settings.REDIS_URL = f"redis://:{secret}@127.0.0.1:{services.free_port()}/0"

    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["degraded"] == ["redis"]
    assert secret not in answer.text


@pytest.mark.django_db
def test_full_disk_degrades(settings):
    settings.DISK_RESERVE = 2**62

    found = readiness.report()

    assert (found["ready"], found["degraded"]) == (True, ["storage"])


@pytest.mark.django_db
def test_a_silent_beat_is_named():
    heartbeats.beat("beat")
    heartbeats.beat("worker")
    Heartbeat.objects.filter(kind="beat").update(at="2020-01-01T00:00:00Z")

    found = readiness.report()

    assert found["degraded"] == ["processes"]
    assert found["checks"]["processes"]["error"] == "silent: beat"


@pytest.mark.django_db
def test_a_process_that_never_started_is_silent_too(settings):
    settings.EXPECTED_PROCESSES = ["worker", "beat"]
    heartbeats.beat("worker")

    found = readiness.report()
    shown = {process.kind: (process.is_silent, process.has_started) for process in processes()}

    assert found["degraded"] == ["processes"]
    assert found["checks"]["processes"]["error"] == "silent: beat (never started)"
    assert shown == {"worker": (False, True), "beat": (True, False)}


def test_compose_and_kubernetes_expect_the_processes_that_they_start():
    expected = [kind for kind in ProcessKind.values if kind != ProcessKind.SITE]
    value = compose.document()["x-environment"]["CCD_PROCESSES"]
    started = {each["environment"]["CCD_PROCESS"] for each in compose.site_services().values()}
    pods = dict(
        line.split("=", 1) for line in (ROOT / "deploy/kubernetes/site.env").read_text().split()
    )

    assert value == ",".join(expected)
    assert pods["CCD_PROCESSES"] == ",".join(expected)
    assert started - {"metrics"} == set(expected)


@pytest.mark.django_db
def test_a_process_keeps_one_sign_of_life():
    heartbeats.beat("worker")
    heartbeats.beat("worker")

    (sign,) = Heartbeat.objects.all()
    assert sign.kind == "worker"
    assert str(os.getpid()) in sign.process


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_wrong_clock_is_measured(seconds, monkeypatch):
    from datetime import timedelta

    from hackathon.base.core import clock

    right = clock.now
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(seconds=seconds))

    skew = heartbeats.measured_skew()
    found = readiness.report()

    assert abs(skew.ms - seconds * 1000) <= skew.error_ms + 50
    assert "clock" in found["degraded"]


@pytest.mark.django_db
def test_old_signs_of_life_are_forgotten():
    heartbeats.beat("beat")
    Heartbeat.objects.update(at="2020-01-01T00:00:00Z")
    heartbeats.beat("worker")

    heartbeats.forget_old()
    heartbeats.forget_old()

    assert list(Heartbeat.objects.values_list("kind", flat=True)) == ["worker"]


@pytest.mark.django_db
def test_an_unmigrated_database_is_refused_with_its_reason():
    MigrationRecorder.Migration.objects.filter(app="setup").delete()

    with pytest.raises(NotServing, match=r"lacks 1 migration.*setup.*manage.py migrate"):
        require_migrated(wait=0)


def test_every_process_asks_before_it_serves(monkeypatch, settings):
    def refuse(**_: object) -> None:
        raise NotServing("The database lacks a migration")

    for module in ("hackathon.asgi", "hackathon.run.operations.migrated", CELERY):
        monkeypatch.setattr(f"{module}.require_migrated", refuse)
    for module in ("hackathon.run.operations.migrated", CELERY):
        monkeypatch.setattr(f"{module}.close_connections", lambda: None)
    settings.REDIS_URL = "redis://localhost"
    pages = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    sent: list[dict[str, str]] = []

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup"}

    async def send(message: dict[str, str]) -> None:
        sent.append(message)

    asyncio.run(lifespan({}, receive, send))
    with pytest.raises(SystemExit, match="3"):
        pages["on_starting"](None)
    for signal in (celeryd_init, beat_init):
        with pytest.raises(SystemExit, match="lacks a migration"):
            signal.send(sender=None)

    assert [message["type"] for message in sent] == ["lifespan.startup.failed"]


class Served(Exception):
    pass


@pytest.mark.parametrize(
    ("process", "compiles", "follows"),
    [("live", True, True), ("uploads", False, False), ("", False, True)],
)
def test_a_process_prepares_only_what_it_serves(monkeypatch, settings, process, compiles, follows):
    """Templates, which the first message would wait for, and live messages."""
    done: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup"}

    async def follow() -> None:
        done.append("follows")

    def serve() -> None:
        raise Served

    monkeypatch.setattr("hackathon.asgi.require_migrated", lambda: None)
    monkeypatch.setattr("hackathon.asgi.keep_sqlite_open", lambda: None)
    monkeypatch.setattr("hackathon.asgi.hub.start", follow)
    monkeypatch.setattr("hackathon.asgi.EmbeddedWorker.start", lambda _worker: serve())
    monkeypatch.setattr(warm_up, "get_template", done.append)
    settings.PROCESS = process

    with pytest.raises(Served):
        asyncio.run(lifespan({}, receive, lambda _message: None))

    assert ("site/_facade.html" in done) == compiles
    assert ("follows" in done) == follows


def test_a_worker_ends_on_an_empty_database(tmp_path):
    """The process itself: Celery catches what its signals raise, but not `SystemExit`."""
    ended = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "hackathon", "worker", "--pool", "solo"],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("CCD_")},
            "DJANGO_SETTINGS_MODULE": "hackathon.settings",
            "CCD_DATA_DIR": str(tmp_path),
            "CCD_REDIS_URL": f"redis://127.0.0.1:{services.free_port()}/0",  # not asked before
        },
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode != 0
    assert "Run `manage.py migrate`" in ended.stdout + ended.stderr


def alive(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, ROOT / "deploy" / "alive.py", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_health_check_of_a_file(tmp_path):
    file = tmp_path / "heartbeat"
    missing = alive(file, 60).returncode
    file.touch()
    fresh = alive(file, 60).returncode
    os.utime(file, (time.time() - 100,) * 2)

    assert (missing, fresh, alive(file, 60).returncode) == (1, 0, 1)
    assert alive(f"http://127.0.0.1:{services.free_port()}/readyz").returncode == 1


def test_a_worker_that_redis_does_not_answer_falls_silent(monkeypatch):
    """`heartbeat_sent` comes from its loop as long as it is connected."""
    asked: list[Callable[[], bool]] = []
    monkeypatch.setattr(
        f"{CELERY}.heartbeats.start", lambda _kind, works, _end: asked.append(works)
    )
    worker_ready.send(sender=None)
    heartbeat_sent.send(sender=None)
    (works,) = asked

    connected = works()
    later = time.monotonic() + STUCK_SECONDS + 1
    with monkeypatch.context() as patched:
        patched.setattr(f"{CELERY}.time.monotonic", lambda: later)
        silent = works()
    heartbeat_sent.send(sender=None)

    assert (connected, silent, works()) == (True, False, True)


def test_a_worker_looks_every_two_seconds_whether_redis_is_back():
    asked: list[dict[str, Any]] = []

    def ensure_connection(*_: Any, **options: Any) -> str:
        asked.append(options)
        return "connected"

    consumer = object.__new__(Consumer)
    consumer.app, consumer.first_connection_attempt = app, False
    connection = SimpleNamespace(ensure_connection=ensure_connection)

    assert consumer.ensure_connected(connection) == "connected"
    assert asked[0]["interval_step"] == 0
    assert app.conf.worker_consumer == f"{Consumer.__module__}:Consumer"


def test_a_process_that_works_again_says_so_at_once(monkeypatch):
    """Not ten seconds later."""
    works = iter((True, False, False, True))
    waited: list[float] = []
    thread = heartbeats.HeartbeatThread("worker", lambda: next(works), lambda: None)
    monkeypatch.setattr(thread, "_beat", lambda: waited.append(0))

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 6

    monkeypatch.setattr(thread._ending, "wait", wait)
    thread._run()

    assert waited == [0, heartbeats.EVERY_SECONDS, 1, 1, 0, heartbeats.EVERY_SECONDS]
