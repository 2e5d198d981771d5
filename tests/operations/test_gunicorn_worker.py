"""How processes of gunicorn share connections, with a small application instead of the site."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from hackathon.operations.gunicorn_worker import SHORT_REQUESTS
from tests import services
from tests.submissions.tus.servers import ROOT, until

# Answers with how many requests its process was handling, itself included. A request with a query
# lasts as long as there is a file of this name.
APPLICATION = """
import os, threading, time

running, lock = 0, threading.Lock()

def application(environ, start_response):
    global running
    with lock:
        running += 1
        found = running
    while os.path.exists(environ["QUERY_STRING"]):
        time.sleep(0.01)
    with lock:
        running -= 1
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(found).encode()]
"""
# So that a slow machine does not let requests become long ones.
NEVER_LONG = """
from hackathon.operations import gunicorn_worker

def post_fork(server, worker):
    gunicorn_worker.LONG_SECONDS = 60
"""


@contextmanager
def running(directory: Path, *options: str, config: str = "") -> Iterator[str]:
    """Yields its address."""
    (directory / "application.py").write_text(APPLICATION)
    (directory / "conf.py").write_text(config)
    url = f"http://127.0.0.1:{services.free_port()}"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "application:application"),
            *("-c", "conf.py", "-k", "hackathon.operations.gunicorn_worker.Worker"),
            *("--bind", url.removeprefix("http://"), "--log-level", "warning"),
            *("--no-control-socket", *options),
        ],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert until(lambda: process.poll() is not None or answers(url))
        yield url
    finally:
        process.terminate()
        process.wait(20)


def get(url: str, query: str = "") -> int:
    """On a connection of its own, as nginx does."""
    return int(httpx.get(f"{url}/?{query}", timeout=30, trust_env=False).text)


def answers(url: str) -> bool:
    try:
        return bool(get(url))
    except httpx.TransportError:
        return False


def test_a_busy_process_leaves_connections_to_others(tmp_path: Path) -> None:
    lasts = tmp_path / "lasts"
    lasts.touch()
    options = ("--workers", "2", "--threads", "8")
    with running(tmp_path, *options, config=NEVER_LONG) as url, ThreadPoolExecutor(16) as pool:
        requests = [pool.submit(get, url, lasts.name) for _ in range(16)]
        time.sleep(1)
        lasts.unlink()
        found = [request.result() for request in requests]

    # gunicorn's own worker accepts all at once: at least eight in one of two processes.
    assert max(found) == SHORT_REQUESTS


def test_requests_that_last_do_not_keep_others_out(tmp_path: Path) -> None:
    lasts = tmp_path / "lasts"
    lasts.touch()
    options = ("--workers", "1", "--threads", "8")
    with running(tmp_path, *options) as url, ThreadPoolExecutor(6) as pool:
        long = [pool.submit(get, url, lasts.name) for _ in range(6)]
        try:
            assert until(lambda: get(url) == 7, 20)
            assert not any(request.done() for request in long)
        finally:
            lasts.unlink()
