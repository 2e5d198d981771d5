"""Starts a process of our own code that opens what a stranger has sent, and may die of it."""

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
LOGGED_BYTES = 2000


def run(
    module: str, *arguments: str, given: bytes, stdout: IO[bytes], timeout_seconds: float
) -> bool:
    """Whether `python -m module` ended well. `stdout` is a file, which the process itself limits
    (`core.confinement`), as it does its memory and CPU time; the timeout is for what only waits.

    Otherwise the end of its standard error is logged: it must not quote what was given.
    """
    # Nothing else of the environment: it holds the site's secrets.
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "TZ") if key in os.environ}
    with tempfile.TemporaryFile() as stderr:
        try:
            child = subprocess.run(  # noqa: S603 - a constant command
                [sys.executable, "-m", module, *arguments],
                input=given,
                stdout=stdout,
                stderr=stderr,
                cwd=ROOT,
                env=environment,
                timeout=timeout_seconds,
                check=False,
            )
            end = f"exit code {child.returncode}"
            if child.returncode == 0:
                return True
        except subprocess.TimeoutExpired:
            end = "timeout"
        stderr.seek(0)
        text = stderr.read()[-LOGGED_BYTES:].decode(errors="replace")
        logger.warning("%s cut short, %s: %s", module, end, text)
    return False
