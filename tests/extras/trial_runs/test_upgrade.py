"""An upgrade while a rehearsal hands in."""

import sys
from typing import LiteralString

import psycopg
import pytest

from tests.extras.trial_runs.night import numbers, rehearse
from tests.operations import compose
from tests.operations.night import Night
from tests.operations.scripts import run
from tests.operations.versions import answering, project, versions

__all__ = ["project", "versions"]  # fixtures

pytestmark = pytest.mark.system
UPLOADS, SOCKETS = 20, 400
BETWEEN_PAGES = 0.1  # of the sockets: those of pages that are being opened
OPEN_UPLOADS = "SELECT count(*) FROM submissions_upload WHERE whole_at IS NULL"
OPEN_PAGES = """
    SELECT coalesce(sum(value::int), 0) FROM operations_heartbeat, jsonb_each_text(pages)
    WHERE at > now() - interval '30 seconds'
"""


def number(url: str, query: LiteralString) -> int:
    with psycopg.connect(url, autocommit=True) as database:
        row = database.execute(query).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_upgrade_during_uploads_and_with_open_pages_loses_nothing(project, tmp_path):
    seen: dict[str, int] = {}
    with Night(
        tmp_path,
        *compose.site_services(),
        root=project,
        CCD_NODE_MODULES=str(compose.ROOT / "node_modules"),
    ).running() as night:

        def compose_does(line: str) -> None:
            if line.startswith("compose stop"):
                seen["uploads"] = number(night.env["CCD_DATABASE_URL"], OPEN_UPLOADS)
                seen["sockets"] = number(night.env["CCD_DATABASE_URL"], OPEN_PAGES)
                night.stop_services()
            elif line.startswith("compose up -d --wait"):
                night.start_services()

        def upgrade() -> None:
            with answering(tmp_path / "docker.socket", compose_does):
                done = run(
                    "upgrade",
                    project,
                    "harmless",
                    FAKE_POSTGRES=str(night.database.port),
                    FAKE_PYTHON=sys.executable,
                    FAKE_SOCKET=str(tmp_path / "docker.socket"),
                    **night.env,
                )
            assert done.returncode == 0, done.stdout + done.stderr
            assert "The new version runs" in done.stdout

        text = rehearse(night, {0.55: upgrade}, minutes=4, teams=60, size=3_000_000, line=100_000)

        found = numbers(text.strip().splitlines()[-1])
        assert (found["lost"], found["wrong"]) == (0, 0), text
        assert found["received"] >= found["sent"] > UPLOADS, text
        assert seen["uploads"] >= UPLOADS, seen
        assert seen["sockets"] >= (1 - BETWEEN_PAGES) * SOCKETS, seen
        for command in ("check-deposits", "verify-seal"):
            done = night.manage(command)
            assert done.returncode == 0, done.stdout + done.stderr
