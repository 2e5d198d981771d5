"""Numbers that depend on which processes live, and on the archive of PostgreSQL."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import LiteralString

import pytest
from django.db import DatabaseError
from django.db.models.functions import Now
from prometheus_client import CollectorRegistry, generate_latest
from psycopg import connect

from hackathon.base.core import metrics
from hackathon.run.operations import exporter, heartbeats
from hackathon.run.operations.models import Heartbeat
from tests import services
from tests.operations import compose
from tests.submissions.tus.servers import environment
from tests.waiting import wait_until

LIVING = """
import signal, sys
from hackathon.base.core import metrics
metrics.SOCKETS.set(int(sys.argv[1]))
metrics.SIGN_IN_FAILURES.labels("of_a_test").inc(int(sys.argv[1]))
print(flush=True)
signal.pause()
"""


@contextlib.contextmanager
def process_with_sockets(directory: Path, number: int) -> Iterator[subprocess.Popen]:
    running = subprocess.Popen(
        [sys.executable, "-c", LIVING, str(number)],
        cwd=compose.ROOT,
        env=environment(PROMETHEUS_MULTIPROC_DIR=str(directory)),
        stdout=subprocess.PIPE,
    )
    try:
        assert running.stdout
        running.stdout.readline()
        _sign_of_life(running)
        yield running
    finally:
        running.kill()
        running.wait(60)
        running.stdout.close()


def test_a_disk_without_space_is_not_up(monkeypatch):
    def numbers(free: int) -> dict[str, float]:
        disk = SimpleNamespace(f_bavail=free, f_frsize=1)
        monkeypatch.setattr(exporter.os, "statvfs", lambda _: disk)
        found = exporter.SiteCollector(("disk",)).collect()
        return {sample.name: sample.value for metric in found for sample in metric.samples}

    full, almost_full = numbers(0), numbers(1)

    assert (full["ccd_up"], full["ccd_disk_free_bytes"]) == (0, 0)
    assert (almost_full["ccd_up"], almost_full["ccd_disk_free_bytes"]) == (1, 1)


@pytest.mark.django_db
def test_a_kind_that_never_started_has_no_end_of_silence(settings, monkeypatch):
    """The rule `ProcessSilent` compares with 45."""
    settings.EXPECTED_PROCESSES = ["beat"]
    monkeypatch.setattr(exporter.connections, "close_all", lambda: None)
    registry = CollectorRegistry()
    registry.register(exporter.SiteCollector(("database",)))

    text = generate_latest(registry).decode()

    assert 'ccd_process_silent_seconds{kind="beat"} +Inf' in text


def _sign_of_life(process: subprocess.Popen) -> None:
    name = f"live@{socket.gethostname()}:{process.pid}"
    Heartbeat.objects.create(process=name, kind="live", at=Now(), clock_skew_ms=0, clock_error_ms=0)


@pytest.mark.django_db
def test_sockets_of_a_killed_process_are_not_counted(tmp_path, settings, monkeypatch):
    settings.METRICS_DIR = tmp_path
    monkeypatch.setattr(exporter.connections, "close_all", lambda: None)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    def found() -> list[float | None]:
        scraped = exporter.registry()
        failures = scraped.get_sample_value("ccd_sign_in_failures_total", {"reason": "of_a_test"})
        alive = scraped.get_sample_value("ccd_processes", {"kind": "live"})
        return [scraped.get_sample_value("ccd_sockets"), metrics.open_sockets(), failures, alive]

    with process_with_sockets(tmp_path, 5) as first, process_with_sockets(tmp_path, 3):
        both = found()
        first.kill()
        first.wait(60)
        silent = Heartbeat.objects.filter(process__endswith=f":{first.pid}")
        silent.update(at="2020-01-01T00:00:00Z")
        one = found()
        monkeypatch.setattr(heartbeats, "living_names", _no_database)
        unknown = exporter.registry().get_sample_value("ccd_sockets")

    assert both == [8, 8, 8, 2]
    assert one == [3, 3, 8, 1]
    assert unknown == 8


def _no_database() -> set[str]:
    raise DatabaseError


@pytest.mark.postgres
@pytest.mark.django_db
def test_an_archive_that_postgresql_cannot_write_is_seen(tmp_path):
    if services.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")

    def failing() -> float | None:
        with connect(server.url) as connection:
            row = connection.execute(exporter.ARCHIVE_FAILING).fetchone()
        return row and row[0]

    def write(table: LiteralString) -> None:
        with connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLE {table} (number int)")
            connection.execute("SELECT pg_switch_wal()")

    with services.Postgres() as server:
        server.start()
        not_archiving = failing()
        server.stop()
        server.options += ["-carchive_mode=on", "-carchive_command=test -d may"]
        server.start()
        before = failing()
        write("one")
        fails = wait_until(lambda: failing() is True)
        (server.data / "may").mkdir()
        write("two")  # so that it tries again at once
        mended = wait_until(lambda: failing() is False)

    assert (not_archiving, before) == (None, False)
    assert fails
    assert mended
