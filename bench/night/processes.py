"""The processes of one checkout, in the shape of production or of `make run`, and their CPU."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.uploads.servers import cpu_of, wait_for
from hackathon.run.page_client.client import Site
from tests import services

HERE = Path(__file__).parent
UVICORN = [
    "-m",
    "uvicorn",
    "hackathon.asgi:application",
    "--no-access-log",
    "--log-level",
    "warning",
]
WORKER_NICENESS = 10  # about a tenth of the weight of others, as cpu_shares in docker-compose.yml
WEBSOCKETS = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]


class Night:
    """A running site of a checkout. `stop` and `start` restart what answers people."""

    def __init__(self, checkout: Path, env: dict[str, str], shape: str, log: Path) -> None:
        self.checkout, self.shape = checkout, shape
        self._env, self._log = env, log
        own = checkout / ".venv" / "bin" / "python"
        self._python = str(own) if own.exists() else sys.executable
        ports = [services.free_port() for _ in range(3)]
        self._ports = ports if shape == "production" else ports[:1] * 3
        # Each request has a connection of its own, as behind nginx without `keepalive` upstreams.
        pages, live, uploads = (f"http://127.0.0.1:{port}" for port in self._ports)
        self.site = Site(pages, live, uploads, connections=0)
        self._servers: list[subprocess.Popen] = []
        self._workers: list[subprocess.Popen] = []
        self._spent = 0.0  # CPU seconds of processes that have ended
        self._inside = self._run(
            ["-P", str(HERE / "inside.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _run(self, arguments: list[str], **options: Any) -> subprocess.Popen:
        with self._log.open("a") as log:
            return subprocess.Popen(  # noqa: S603
                [self._python, *arguments],
                cwd=self.checkout,
                stderr=log,
                **{"env": self._env, "stdout": log, "start_new_session": True, **options},
            )

    def inside(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Runs a command of `inside.py`."""
        assert self._inside.stdin is not None
        assert self._inside.stdout is not None
        self._inside.stdin.write(json.dumps([command, arguments]) + "\n")
        self._inside.stdin.flush()
        line = self._inside.stdout.readline()
        if not line:
            raise RuntimeError(self.log)
        return dict(json.loads(line))

    @property
    def log(self) -> str:
        """The end of what the processes have written."""
        return self._log.read_text()[-3000:]

    def start(self) -> None:
        """Returns when every process listens."""
        pages, live, uploads = self._ports
        if self.shape == "production":
            gunicorn = ["-m", "gunicorn", "hackathon.wsgi:application", "--log-level", "warning"]
            if (self.checkout / "deploy" / "gunicorn.conf.py").exists():
                gunicorn += ["-c", "deploy/gunicorn.conf.py"]
            bound = ["--bind", f"127.0.0.1:{pages}", "--workers", "3", "--threads", "8"]
            commands = {
                "web": [*gunicorn, *bound],
                "live": [*UVICORN, *WEBSOCKETS, "--port", str(live), "--backlog", "4096"],
                "uploads": [*UVICORN, "--port", str(uploads), "--workers", "2", "--ws", "none"],
            }
        else:
            graceful = ["--timeout-graceful-shutdown", "5"]
            commands = {"site": [*UVICORN, *WEBSOCKETS, "--port", str(pages), *graceful]}
        self._servers = [
            self._run(command, env={**self._env, "CCD_PROCESS": name})
            for name, command in commands.items()
        ]
        for port, process in zip({pages: 0, live: 0, uploads: 0}, self._servers, strict=True):
            wait_for(port, process)
        with urllib.request.urlopen(f"http://127.0.0.1:{pages}/api/v1/edition/", timeout=300):
            pass  # the first answer comes when a worker has loaded the site
        if self.shape == "production" and not self._workers:
            celery = ["-m", "celery", "-A", "hackathon"]
            beat = str(self._log.parent / "beat")
            self._workers = [
                self._run([*celery, "worker", "--loglevel", "error", "--concurrency", "2"]),
                self._run([*celery, "beat", "--loglevel", "error", "--schedule", beat]),
            ]
            services.set_niceness(self._workers[0].pid, WORKER_NICENESS)

    def stop_answering(self) -> None:
        self._spent += sum(cpu_of(process.pid) for process in self._servers)
        for process in self._servers:
            _end(process)
        self._servers = []

    def close(self) -> None:
        self.stop_answering()
        for process in [*self._workers, self._inside]:
            _end(process)

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, of the site's processes."""
        return self._spent + sum(self.cpu_by_process.values())

    @property
    def cpu_by_process(self) -> dict[str, float]:
        """Of those that run."""
        names = ["pages", "live", "uploads"] if self.shape == "production" else ["site"]
        found = {n: cpu_of(p.pid) for n, p in zip(names, self._servers, strict=False)}
        for name, process in zip(["worker", "beat"], self._workers, strict=False):
            found[name] = cpu_of(process.pid)
        return found


def _end(process: subprocess.Popen) -> None:
    """With its children, which are in a session of their own."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(15)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def night(checkout: Path, shape: str) -> Iterator[Night]:
    """With its own PostgreSQL (fsync) and Redis, or with SQLite. All ends with the block."""
    with contextlib.ExitStack() as stack:
        data = Path(tempfile.mkdtemp(prefix="ccd-night-"))
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("CCD_", "DJANGO_"))}
        env |= {
            "CCD_DATA_DIR": str(data / "site"),
            "CCD_DISK_RESERVE": "0",
            "CCD_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(checkout),
            "PYTHONUNBUFFERED": "1",
        }
        if shape == "production":
            env["CCD_DATABASE_URL"] = stack.enter_context(services.postgres(durable=True))
            env["CCD_REDIS_URL"] = stack.enter_context(services.redis())
        running = Night(checkout, env, shape, data / "log")
        stack.callback(running.close)
        yield running
