"""What a process of gunicorn does when it is asked to stop, with a small application."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection

from tests import services
from tests.submissions.tus.servers import ROOT
from tests.waiting import PATIENCE, wait_until

# Answers once something is written into the pipe `held`.
APPLICATION = """
def application(environ, start_response):
    open("running", "w").close()
    open("held").read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"answered"]
"""


def get(port: int) -> bytes:
    with closing(HTTPConnection("127.0.0.1", port, timeout=2 * PATIENCE)) as connection:
        connection.request("GET", "/", headers={"Connection": "close"})
        return connection.getresponse().read()


def is_listening(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def test_it_stops_listening_at_once_and_answers_what_is_under_way(tmp_path):
    """nginx then sends new requests to the other process, instead of to one that goes away."""
    (tmp_path / "application.py").write_text(APPLICATION)
    os.mkfifo(tmp_path / "held")
    port = services.free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "application:application"),
            *("-k", "hackathon.run.operations.gunicorn_worker.Worker", "--threads", "8"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--no-control-socket"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        wait_until(lambda: is_listening(port))
        with ThreadPoolExecutor(1) as pool:
            request = pool.submit(get, port)
            wait_until((tmp_path / "running").exists)
            process.terminate()
            wait_until(lambda: not is_listening(port))
            is_answered = request.done()
            (tmp_path / "held").write_text("")
            answer = request.result()
    finally:
        process.kill()
        process.wait(60)

    assert not is_answered
    assert answer == b"answered"
