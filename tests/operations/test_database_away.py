"""How long processes wait for PostgreSQL while it is away, and after it is back."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.db import connection
from psycopg_pool.base import AttemptWithBackoff

from deploy.alive import TIMEOUT_SECONDS
from hackathon.base.core.database_options import postgresql_options
from hackathon.run.operations import readiness
from tests import services
from tests.operations import compose
from tests.submissions.tus.servers import environment
from tests.waiting import PATIENCE

pytestmark = pytest.mark.postgres

SCRAPE_SECONDS = 10.0  # of Prometheus, if its configuration says nothing
# Writes for how many seconds a connection is waited for, each time.
WRITE_WAITS = """
from psycopg_pool import ConnectionPool
getconn = ConnectionPool.getconn

def getconn_and_write(pool, timeout=None):
    print("waits", pool.timeout if timeout is None else timeout, flush=True)
    return getconn(pool, timeout)

ConnectionPool.getconn = getconn_and_write
"""
REPORT = f"""
import json
from hackathon.run.operations import readiness
{WRITE_WAITS}
print(json.dumps(readiness.report()))
"""
METRICS = f"""
from django.core.management import call_command
{WRITE_WAITS}
call_command("metrics", port=%d)
"""
SHELL = [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c"]


def without_database(data: Path) -> dict[str, str]:
    url = f"postgres://ccd@127.0.0.1:{services.free_port()}/ccd"
    return environment(
        CCD_DATA_DIR=str(data), CCD_DATABASE_URL=url, CCD_METRICS_DIR=str(data / "metrics")
    )


def test_health_checks_learn_that_the_database_is_away(tmp_path):
    done = subprocess.run(
        [*SHELL, REPORT],
        cwd=compose.ROOT,
        env=without_database(tmp_path),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    *waits, report = done.stdout.splitlines()
    found = json.loads(report)
    assert not found["ready"]
    assert found["checks"]["storage"]["ok"]
    for name in ("database", "migrations", "processes", "clock"):
        assert found["checks"][name]["error"] == "database unavailable", name
    assert waits_of(waits) == [readiness.DATABASE_TIMEOUT_SECONDS]
    longest = readiness.DATABASE_TIMEOUT_SECONDS + readiness.REDIS_TIMEOUT_SECONDS
    assert longest < TIMEOUT_SECONDS


def waits_of(lines: list[str]) -> list[float]:
    return [float(line.removeprefix("waits ")) for line in lines]


def test_prometheus_learns_that_the_database_is_away(tmp_path):
    port = services.free_port()
    url = f"http://127.0.0.1:{port}/metrics"
    with subprocess.Popen(
        [*SHELL, METRICS % port],
        cwd=compose.ROOT,
        env=without_database(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    ) as exporter:
        try:
            assert exporter.stdout
            assert exporter.stdout.readline().strip() == url  # it listens
            answer = httpx.get(url, timeout=PATIENCE, trust_env=False)
        finally:
            exporter.kill()
        waits = waits_of(exporter.stdout.read().splitlines())

    assert waits
    assert sum(waits) < SCRAPE_SECONDS / 2
    assert 'ccd_up{what="database"} 0.0' in answer.text
    assert 'ccd_up{what="disk"} 1.0' in answer.text


def test_after_a_long_outage_the_pool_connects_before_a_page_gives_up():
    """The instants at which the pool tries to connect, by psycopg's own rule."""
    options = postgresql_options(2)["pool"]
    attempt = AttemptWithBackoff(timeout=options["reconnect_timeout"])
    now, pauses = 0.0, []
    while not attempt.time_to_give_up(now):
        attempt.update_delay(now)
        pauses.append(attempt.delay)
        now += attempt.delay

    assert len(pauses) > 3
    assert max(pauses) < options["timeout"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_locks_of_a_machine_that_is_lost_are_free_within_a_minute():
    """It sends no end of its connections: both sides must ask."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setting::int FROM pg_settings WHERE name LIKE 'tcp_keepalives_%' ORDER BY name"
        )
        count, idle, interval = (setting for (setting,) in cursor.fetchall())
    ours = connection.connection.info.get_parameters()

    assert idle + interval * count <= 60
    assert idle == int(ours["keepalives_idle"]) > 0
    assert (str(interval), str(count)) == (ours["keepalives_interval"], ours["keepalives_count"])
