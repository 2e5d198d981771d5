"""How long processes wait for PostgreSQL while it is away, and after it is back."""

import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg_pool import ConnectionPool, PoolTimeout

from deploy.alive import TIMEOUT_SECONDS
from hackathon.core.database_options import postgresql_options
from tests import services
from tests.operations import compose
from tests.submissions.tus.servers import environment, until

pytestmark = pytest.mark.postgres

SCRAPE_SECONDS = 10.0  # of Prometheus, if its configuration says nothing
AWAY_SECONDS = 34.0  # attempts after 1, 3, 7, 15, 31 and then 63 s would come too late
TRIES = 5  # a busy machine may need several until one is as quick
REPORT = f"""
import json, time
from hackathon.operations import readiness
for _ in range({TRIES}):
    readiness.forget_results()
    begun = time.monotonic()
    found = readiness.report()
    seconds = time.monotonic() - begun
    if seconds < {TIMEOUT_SECONDS}:
        break
print(json.dumps([found, seconds]))
"""


def without_database(data: Path) -> dict[str, str]:
    url = f"postgres://ccd@127.0.0.1:{services.free_port()}/ccd"
    return environment(
        CCD_DATA_DIR=str(data), CCD_DATABASE_URL=url, CCD_METRICS_DIR=str(data / "metrics")
    )


def test_health_checks_learn_that_the_database_is_away(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", REPORT],
        cwd=compose.ROOT,
        env=without_database(tmp_path),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    found, seconds = json.loads(done.stdout)
    assert not found["ready"]
    assert found["checks"]["storage"]["ok"]
    for name in ("database", "migrations", "processes", "clock"):
        assert found["checks"][name]["error"] == "database unavailable", name
    assert seconds < TIMEOUT_SECONDS


def test_prometheus_learns_that_the_database_is_away(tmp_path: Path) -> None:
    port = services.free_port()
    url = f"http://127.0.0.1:{port}/metrics"
    command = [sys.executable, "manage.py", "metrics", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=compose.ROOT, env=without_database(tmp_path), stdout=subprocess.PIPE
    ) as exporter:
        try:
            assert exporter.stdout
            exporter.stdout.readline()  # it listens
            for _ in range(TRIES):
                answer = httpx.get(url, timeout=services.PATIENCE, trust_env=False)
                seconds = answer.elapsed.total_seconds()
                if seconds < SCRAPE_SECONDS:
                    break
        finally:
            exporter.kill()

    assert seconds < SCRAPE_SECONDS
    assert 'ccd_up{what="database"} 0.0' in answer.text
    assert 'ccd_up{what="disk"} 1.0' in answer.text


@pytest.mark.slow
def test_after_a_long_outage_the_pool_connects_before_a_page_gives_up() -> None:
    if services.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")

    def answers() -> bool:
        try:
            with pool.connection() as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except (PoolTimeout, psycopg.OperationalError):
            return False

    server = services.Postgres()
    server.start()
    options = postgresql_options(2)["pool"]
    check = ConnectionPool.check_connection
    with ConnectionPool(server.url, open=True, check=check, **options) as pool:
        before = answers()
        server.stop()
        away = time.monotonic()
        assert not until(answers, AWAY_SECONDS)
        time.sleep(max(0.0, away + AWAY_SECONDS - time.monotonic()))
        server.start()
        after = answers()
    server.stop()

    assert before
    assert after
