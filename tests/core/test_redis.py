"""With CCD_REDIS_URL: messages cross processes, and tasks go to a real Celery worker."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import websockets

from tests import services
from tests.browser.site import ROOT, Site, site_by_command

pytestmark = [pytest.mark.timeout(180), pytest.mark.django_db]

PUBLISH = """
from django.db import transaction
from hackathon.core import clock, live
with transaction.atomic():
    live.publish(live.EVERYONE, "edition.changed", {"word": "from afar"}, at=clock.now())
"""
ENQUEUE = """
from hackathon.core.background import enqueue
from hackathon.core.tasks import prune
enqueue(prune)
"""


def test_with_redis_processes_hear_and_work_for_each_other(tmp_path: Path) -> None:
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    with services.redis() as url, site_by_command(CCD_REDIS_URL=url) as site:
        heard = asyncio.run(_hear(site))
        done = _worked(site, tmp_path / "worker.log")

    assert heard["data"] == {"word": "from afar"}
    assert done


async def _hear(site: Site) -> dict:
    """Connect to the web process, publish from another process, hear it."""
    async with websockets.connect(site.url.replace("http", "ws") + "/ws/live/") as socket:
        assert json.loads(await socket.recv())["type"] == "live.ready"
        await asyncio.to_thread(site.manage, "shell", "-c", PUBLISH)
        return json.loads(await asyncio.wait_for(socket.recv(), 10))


def _worked(site: Site, log: Path) -> bool:
    """Start a worker, ask for tidying from another process, wait until the worker has done it."""
    remains = Path(site.env["CCD_DATA_DIR"]) / "incoming" / "cut.upload"
    remains.touch()
    os.utime(remains, (0, 0))
    command = [sys.executable, "-m", "celery", "-A", "hackathon", "worker", "--concurrency", "1"]
    with log.open("w") as out:
        worker = subprocess.Popen(command, cwd=ROOT, env=site.env, stdout=out, stderr=out)
    try:
        site.manage("shell", "-c", ENQUEUE)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if not remains.exists():
                return True
            time.sleep(0.2)
        raise AssertionError(log.read_text())
    finally:
        os.kill(worker.pid, signal.SIGTERM)
        worker.wait(30)
