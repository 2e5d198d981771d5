"""How processes of gunicorn share connections, with a small application instead of the site."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from hackathon.operations.gunicorn_worker import SHORT_REQUESTS
from tests import services
from tests.submissions.tus.servers import ROOT, until

# Answers with how many requests its process was handling, itself included. A request with a query
# lasts as long as there is a file of this name, and makes a file « running-… ».
APPLICATION = """
import os, threading, time

running, lock = 0, threading.Lock()

def application(environ, start_response):
    global running
    with lock:
        running += 1
        found = running
    if lasts := environ["QUERY_STRING"]:
        open(f"running-{os.getpid()}-{environ['REMOTE_PORT']}", "w").close()
        while os.path.exists(lasts):
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
def running(directory: Path, *options: str, config: str = "") -> Iterator[int]:
    """Yields its port."""
    (directory / "application.py").write_text(APPLICATION)
    (directory / "conf.py").write_text(config)
    port = services.free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "application:application"),
            *("-c", "conf.py", "-k", "hackathon.operations.gunicorn_worker.Worker"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
            *("--no-control-socket", *options),
        ],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert until(lambda: process.poll() is not None or answers(port))
        yield port
    finally:
        process.terminate()
        process.wait(60)


def get(port: int, query: str = "") -> int:
    """On a connection of its own, as nginx does."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=2 * services.PATIENCE)) as connection:
        connection.request("GET", f"/?{query}", headers={"Connection": "close"})
        return int(connection.getresponse().read())


def answers(port: int) -> bool:
    try:
        return bool(get(port))
    except OSError:
        return False


def test_a_busy_process_leaves_connections_to_others(tmp_path: Path) -> None:
    lasts = tmp_path / "lasts"
    lasts.touch()
    options = ("--workers", "2", "--threads", "8")
    with running(tmp_path, *options, config=NEVER_LONG) as port, ThreadPoolExecutor(16) as pool:
        requests = [pool.submit(get, port, lasts.name) for _ in range(16)]
        begun = until(lambda: len(list(tmp_path.glob("running-*"))) >= 2 * SHORT_REQUESTS)
        time.sleep(0.5)  # in which gunicorn's own worker would accept all
        processes = Counter(path.name.split("-")[1] for path in tmp_path.glob("running-*"))
        lasts.unlink()
        found = [request.result() for request in requests]

    assert begun
    assert list(processes.values()) == [SHORT_REQUESTS, SHORT_REQUESTS]
    assert max(found) == SHORT_REQUESTS


def test_requests_that_last_do_not_keep_others_out(tmp_path: Path) -> None:
    lasts = tmp_path / "lasts"
    lasts.touch()
    options = ("--workers", "1", "--threads", "8")
    with running(tmp_path, *options) as port, ThreadPoolExecutor(6) as pool:
        long = [pool.submit(get, port, lasts.name) for _ in range(6)]
        try:
            assert until(lambda: get(port) == 7)
            assert not any(request.done() for request in long)
        finally:
            lasts.unlink()
