"""The site under uvicorn, in a thread of the test or in its own process that can be killed."""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import uvicorn
from django.conf import settings
from django.db import connection

from hackathon.asgi import application
from hackathon.celery import app
from tests import services
from tests.fork_server import ForkedProcess, ForkServer
from tests.waiting import wait_until

SOCKETS = {"ws": "websockets-sansio", "ws_per_message_deflate": False}
ROOT = Path(__file__).parent.parent.parent.parent


@contextlib.contextmanager
def in_thread() -> Iterator[str]:
    # In this process. Tasks that it queues are not run.
    eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            application, lifespan="off", log_level="warning", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            wait_until(lambda: server.started)
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)
            app.control.purge()
            app.conf.task_always_eager = eager


class Process:
    # In its own process, with the database and the data directory of the test.

    # `forks`: with the same variables; it starts the site without importing it again.

    def __init__(self, *, forks: ForkServer | None = None, **extra: str) -> None:
        self.port = services.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log: Path = settings.DATA_DIR / f"server-{self.port}.log"
        self._env = environment(**extra)
        self._forks = forks
        self._process: subprocess.Popen | ForkedProcess | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        # Returns when the site answers.
        if self._forks is not None:
            self._process = self._forks.serve(
                self.log, port=self.port, access_log=False, timeout_graceful_shutdown=2, **SOCKETS
            )
        else:
            self._process = self._started()
        wait_until(self._answers, self.log.read_text)

    def _started(self) -> subprocess.Popen:
        command = [
            *(sys.executable, "-m", "uvicorn", "hackathon.asgi:application"),
            *("--port", str(self.port), "--no-access-log"),
            *("--timeout-graceful-shutdown", "2"),
        ]
        with self.log.open("a") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=log, stderr=log)

    def kill(self) -> None:
        # SIGKILL. Nothing of the process runs when this returns.
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(60)

    def stop(self) -> int | None:
        # SIGTERM. Returns the exit code; None if it is not known.
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _answers(self) -> bool:
        assert self.runs, self.log.read_text()
        with contextlib.suppress(httpx.TransportError):
            return httpx.options(f"{self.url}/uploads/", trust_env=False).status_code == 204
        return False


@contextlib.contextmanager
def process(forks: ForkServer | None = None, **extra: str) -> Iterator[Process]:
    server = Process(forks=forks, **extra)
    server.start()
    try:
        yield server
    finally:
        if server.runs:
            server.stop()


@cache
def forks() -> ForkServer:
    # One for all tests of this test process that start the site with its own variables.
    server = ForkServer(environment())
    atexit.register(server.close)
    return server


def environment(**extra: str) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("CCD_", "DJANGO_"))},
        "CCD_DATA_DIR": str(settings.DATA_DIR),
        "CCD_DATABASE_URL": _database_url(),
        "DJANGO_SETTINGS_MODULE": "hackathon.settings",
        "PYTHONUNBUFFERED": "1",
        **extra,
    }


def _database_url() -> str:
    its = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{its['NAME']}"
    return f"postgres://{its['USER']}@{its['HOST']}:{its['PORT']}/{its['NAME']}"
