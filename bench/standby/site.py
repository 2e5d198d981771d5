"""What `deploy/standby` of a machine of the drill calls to start and stop the site: `start`,
`standby` or `stop`, in the namespace of the machine. What it starts goes on after it ends.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from bench.standby.machines import DIRECTORY
from tests import services
from tests.operations import compose, nginx
from tests.operations.night import ANY, Service
from tests.waiting import wait_until

PORTS = {"web-a": 8000, "live": 8001, "uploads": 8002, "worker": 0, "beat": 0}
GRACE_SECONDS = 10
OTHERS = ("redis", "rsyncd", "nginx")


class Site:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / "pids"
        self._pids: dict[str, int] = {}
        if self._file.exists():
            self._pids = json.loads(self._file.read_text())
        self._pids = {name: pid for name, pid in self._pids.items() if _lives(pid)}

    def start(self, *names: str) -> None:
        for name in names:
            if name not in self._pids:
                self._pids[name] = self._other(name) if name in OTHERS else self._service(name)
                self._file.write_text(json.dumps(self._pids))

    def stop(self) -> None:
        for pid in self._pids.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGTERM)
        for pid in self._pids.values():
            with contextlib.suppress(AssertionError):
                wait_until(lambda pid=pid: not _lives(pid), patience=GRACE_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def _service(self, name: str) -> int:
        own = {k: v for k, v in os.environ.items() if k.startswith("CCD_")}
        service = Service(name, self._directory, own, compose.ROOT, PORTS[name], listen=ANY)
        service.start()
        return service.pid

    def _other(self, name: str) -> int:
        run = self._directory / "nginx"
        rsyncd = self._directory / "srv" / "standby" / "rsyncd.conf"
        command = {
            "redis": [services.redis_bin() or "redis-server", "--save", "", "--bind", "127.0.0.1"],
            "rsyncd": ["rsync", "--daemon", "--no-detach", f"--config={rsyncd}"],
            "nginx": [
                *(nginx.program(), "-p", str(run)),
                *("-c", str(run / "nginx.conf"), "-e", str(run / "error.log")),
            ],
        }[name]
        with (self._directory / f"{name}.log").open("a") as log:
            process = subprocess.Popen(  # noqa: S603
                command, stdout=log, stderr=log, start_new_session=True
            )
        return process.pid


def _lives(pid: int) -> bool:
    """False for a zombie too: a process that has ended, and for which its parent has not waited."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _answers(port: int, path: str) -> Callable[[], bool]:
    def test() -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False).is_success
        return False

    return test


def main(act: str) -> None:
    site = Site(Path(os.environ[DIRECTORY]))
    if act == "stop":
        site.stop()
    elif act == "standby":
        site.start("redis", "rsyncd", "web-a")
        wait_until(_answers(PORTS["web-a"], "/healthz"))
    else:
        site.start("redis", *PORTS, "nginx")
        for port in filter(None, PORTS.values()):
            wait_until(_answers(port, "/readyz"))


if __name__ == "__main__":
    main(sys.argv[1])
