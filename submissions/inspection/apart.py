"""Looks in a process of its own: a file that crashes a library or never ends harms nobody else."""

import dataclasses
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from submissions.inspection.found import Code, Found
from submissions.inspection.look import Job

logger = logging.getLogger(__name__)

SECONDS = 25
ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = (sys.executable, "-m", "submissions.inspection")
LOGGED = 2000  # characters of what it complained of


def look_apart(job: Job, *, seconds: float = SECONDS) -> Found:
    """All that could be found within `seconds`. Whatever the file does, there is an answer."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaints:
        ended = _run(job, seconds, said, complaints)
        said.seek(0)
        found = _last(said.readlines())
        if ended:
            return found or Found().but(Code.NOT_CHECKED)
        complaints.seek(0)
        logger.warning(
            "Inspection cut short: %s", complaints.read()[-LOGGED:].decode(errors="replace")
        )
    return found.but(Code.HARD_TO_SHOW) if found else Found().but(Code.NOT_CHECKED)


def _run(job: Job, seconds: float, said: IO[bytes], complaints: IO[bytes]) -> bool:
    """Whether it came to its end by itself, in time."""
    # Nothing of the site's own settings: no key, no password.
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "TZ") if key in os.environ}
    try:
        child = subprocess.run(  # noqa: S603 - our own module, nothing of the file in the command
            COMMAND,
            input=json.dumps(dataclasses.asdict(job)).encode(),
            stdout=said,
            stderr=complaints,
            cwd=ROOT,
            env=kept,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


def _last(lines: list[bytes]) -> Found | None:
    """The last whole line: a process that was killed may have left half of one."""
    for line in reversed(lines):
        try:
            return Found.from_json(line)
        except ValueError:
            continue
    return None
