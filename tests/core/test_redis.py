import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import websockets

from tests import services
from tests.browser.site import ROOT, Site, site_by_command
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.system]

PUBLISH = """
from django.db import transaction
from hackathon.core import clock
from hackathon.live import messages
from hackathon.live.audiences import EVERYONE
with transaction.atomic():
    messages.publish(EVERYONE, "edition.changed", {"from": "another process"}, at=clock.now())
"""
ENQUEUE = """
from hackathon.core.background import enqueue
from hackathon.core.tasks import prune
enqueue(prune)
"""


def test_messages_and_tasks_reach_other_processes(tmp_path: Path) -> None:
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    with services.redis() as url, site_by_command(CCD_REDIS_URL=url) as site:
        received = asyncio.run(_received(site))
        _run_a_task(site, tmp_path / "worker.log")

    assert received["data"] == {"from": "another process"}


async def _received(site: Site) -> dict:
    address = site.url.replace("http", "ws") + "/ws/live/"
    async with websockets.connect(address, open_timeout=60) as socket:
        assert json.loads(await socket.recv())["type"] == "live.ready"
        await asyncio.to_thread(site.manage, "shell", "-c", PUBLISH)
        return json.loads(await asyncio.wait_for(socket.recv(), 60))


def _run_a_task(site: Site, log: Path) -> None:
    leftover = Path(site.env["CCD_DATA_DIR"]) / "incoming" / "cut.upload"
    leftover.touch()
    os.utime(leftover, (0, 0))
    command = [sys.executable, "-m", "celery", "-A", "hackathon", "worker", "--concurrency", "1"]
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=ROOT, env=site.env, stdout=out, stderr=out) as worker,
    ):
        try:
            site.manage("shell", "-c", ENQUEUE)
            wait_until(lambda: not leftover.exists(), log.read_text)
        finally:
            worker.terminate()
