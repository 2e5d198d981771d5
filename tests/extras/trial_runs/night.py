"""A rehearsal in a night of `tests.operations.night`."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hackathon.base.core import clock
from tests.operations.night import WITHIN_SECONDS, Night, clean
from tests.waiting import wait_until


def rehearsal(night: Night, *arguments: object) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "rehearse", night.url, "--insecure"]
    command += ["--report", str(night.data / "report.html"), *map(str, arguments)]
    return subprocess.Popen(
        command,
        cwd=night.root,
        env={**clean(), **night.env, "CCD_HTTPS": "1", "CCD_LOG_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def rehearse(
    night: Night,
    scenes: dict[float, Callable[[], None]],
    *,
    minutes: float,
    teams: int,
    size: int,
    line: int = 0,
) -> str:
    """Each scene is at a share of the event. Returns what the command wrote."""
    options = [
        "--keep",
        "--minutes",
        minutes,
        "--teams",
        teams,
        "--bytes",
        size,
        "--line",
        line,
        "--within",
        WITHIN_SECONDS,
    ]
    with rehearsal(night, *options) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if "It begins" not in first:
            pytest.fail(first + process.stdout.read())
        begins_at = clock.now() + timedelta(seconds=2)
        for share, scene in sorted(scenes.items()):
            at = begins_at + share * timedelta(minutes=minutes)
            wait_until(lambda at=at: clock.now() >= at, patience=60 * minutes)
            scene()
        text = process.stdout.read()
    return first + text


def requests(text: str) -> int:
    """How many requests a rehearsal has sent."""
    found = re.search(r"^  Requests +(\d+)$", text, re.MULTILINE)
    assert found, text
    return int(found[1])


def numbers(verdict: str) -> dict[str, Any]:
    found = re.search(
        r"(\d+) of (\d+) deposits received, (\d+) lost, (\d+) wrongly marked, (\d+) server errors",
        verdict,
    )
    assert found, verdict
    names = ("received", "sent", "lost", "wrong", "errors")
    return dict(zip(names, map(int, found.groups()), strict=True))
