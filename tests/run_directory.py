"""Files that all workers of a test run share, made by the first that needs them. `python -m tests`
makes the directory for its two runs.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hackathon.base.core.management.commands.catalogues import compile_stale

VARIABLE = "CCD_TEST_RUN_DIR"
ENDS = pytest.StashKey[contextlib.ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the directory, and what is stale of the catalogues, in the process that starts the
    workers.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_stale()
    config.stash[ENDS] = contextlib.ExitStack()
    config.stash[ENDS].enter_context(run_directory())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it, once the workers have ended."""
    config.stash[ENDS].close()


@contextlib.contextmanager
def run_directory() -> Iterator[None]:
    """For this process and those that it starts, unless they have one already."""
    if VARIABLE in os.environ:
        yield
        return
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix="ccd-test-run-")
    try:
        yield
    finally:
        shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True)


def once_per_run(name: str, make: Callable[[Path], None]) -> Path:
    """The directory of this name; `make` fills it unless another worker has. Waits for that one."""
    run = Path(os.environ[VARIABLE])
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / name).exists():
            unfinished = run / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(run / name)
    return run / name
