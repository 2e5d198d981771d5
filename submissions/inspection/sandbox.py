import dataclasses
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from submissions.inspection.dispatch import CopyJob, Job
from submissions.inspection.result import FindingCode, Result

logger = logging.getLogger(__name__)

# The CPU limit of the process ends a file that is hard to open. This one is for what only waits: it
# is longer, because the process has the lowest priority.
TIMEOUT_SECONDS = 60
COPY_TIMEOUT_SECONDS = 30 * 60
ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = (sys.executable, "-m", "submissions.inspection")
LOGGED_BYTES = 2000


def inspect_in_subprocess(job: Job, *, seconds: float = TIMEOUT_SECONDS) -> Result:
    """The last result that the process printed, also if it crashed or exceeded `seconds`."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        is_complete = _run(job, seconds, stdout, stderr)
        stdout.seek(0)
        result = _last_result(stdout.readlines())
        if is_complete:
            return result or Result().with_finding(FindingCode.NOT_CHECKED)
        stderr.seek(0)
        logger.warning(
            "Inspection cut short: %s", stderr.read()[-LOGGED_BYTES:].decode(errors="replace")
        )
    if result is None:
        return Result().with_finding(FindingCode.NOT_CHECKED)
    return result.with_finding(FindingCode.HARD_TO_SHOW)


def copy_in_subprocess(path: str, out: IO[bytes]) -> bool:
    """Whether a copy of the video was written to `out`, a file on the disk."""
    with tempfile.TemporaryFile() as stderr:
        if _run(CopyJob(path), COPY_TIMEOUT_SECONDS, out, stderr):
            return True
        stderr.seek(0)
        logger.warning("No copy: %s", stderr.read()[-LOGGED_BYTES:].decode(errors="replace"))
    return False


def _run(job: Job | CopyJob, seconds: float, stdout: IO[bytes], stderr: IO[bytes]) -> bool:
    # Nothing else of the environment: it holds the site's secrets.
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "TZ") if key in os.environ}
    try:
        child = subprocess.run(  # noqa: S603 - a constant command
            COMMAND,
            input=json.dumps(dataclasses.asdict(job)).encode(),
            stdout=stdout,
            stderr=stderr,
            cwd=ROOT,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


def _last_result(lines: list[bytes]) -> Result | None:
    """Skips an incomplete last line, which a killed process may leave."""
    for line in reversed(lines):
        try:
            return Result.from_json(line)
        except ValueError:
            continue
    return None
