import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.uploads.servers import ROOT, wait_for
from tests import services

HERE = Path(__file__).parent
LENGTH = 200  # bytes of a message
UVICORN = [
    *(sys.executable, "-m", "uvicorn", "--no-access-log", "--log-level", "warning"),
    *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
    *("--backlog", "4096"),
]


class Server:
    """`send` makes the server send a message of LENGTH bytes to all sockets."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port
        self._process = self._start()

    def _start(self) -> subprocess.Popen:
        command = {
            "ours": [*UVICORN, "bench.fanout.counted:application", "--port", str(self.port)],
            "ws": ["node", str(HERE / "ws-server.mjs"), str(self.port)],
            "socket.io": ["node", str(HERE / "socket-io-server.mjs"), str(self.port)],
            "floor": [sys.executable, str(HERE / "floor.py"), str(self.port)],
        }[self.name]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)  # noqa: S603
        wait_for(self.port, process)
        return process

    def send(self) -> None:
        """Ours: INSERT, commit, Redis, hub. The others read the message from standard input."""
        stamp = time.time_ns()
        if self.name == "ours":
            publish(stamp)
        else:
            assert self._process.stdin is not None
            line = compact(padded({"t": str(stamp)}, LENGTH))
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()

    def restart(self, meanwhile: Any) -> float:
        """Returns when it listened again (monotonic seconds)."""
        self._process.kill()
        self._process.wait(20)
        meanwhile()
        self._process = self._start()
        return time.monotonic()

    @property
    def memory(self) -> int:
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def cpu(self) -> float:
        """Seconds of processor time."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def queries(self) -> int:
        address = f"http://127.0.0.1:{self.port}/queries"
        with urllib.request.urlopen(address) as answer:
            return int(answer.read())

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(20)


class Client:
    """All `count` sockets are open after the constructor returns."""

    def __init__(self, server: Server, count: int, cookies: list[str], after: int = -1) -> None:
        command = [sys.executable, "-m", "bench.fanout.client", server.name, str(server.port)]
        self._process = subprocess.Popen(  # noqa: S603
            [*command, str(count), str(after)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.opened_in = float(self._ask(json.dumps(cookies))["open"])

    def report(self) -> dict[str, Any]:
        return self._ask("report")

    def _ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate("close\n", timeout=60)


@contextlib.contextmanager
def running(name: str) -> Iterator[Server]:
    server = Server(name, services.free_port())
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def connected(server: Server, count: int, cookies: list[str]) -> Iterator[Client]:
    client = Client(server, count, cookies if server.name == "ours" else [])
    try:
        yield client
    finally:
        client.close()


def production(stack: contextlib.ExitStack) -> list[str]:
    """Runs PostgreSQL and Redis until `stack` ends. Returns session keys of students."""
    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ccd-bench-")))
    os.environ["CCD_DATA_DIR"] = str(data / "site")
    os.environ["CCD_DATABASE_URL"] = stack.enter_context(services.postgres(durable=True))
    os.environ["CCD_REDIS_URL"] = stack.enter_context(services.redis())
    from bench.uploads import people

    people.prepare()
    return people.sessions()


def padded(data: dict[str, Any], length: int, around: int = 0) -> dict[str, Any]:
    """Adds padding up to `length` bytes of compact JSON, of which `around` are added later."""
    left = length - around - len(compact({**data, "pad": ""}))
    return {**data, "pad": "x" * left}


def compact(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"))


def publish(stamp: int) -> None:
    from django.db import transaction

    from hackathon.base.core import clock
    from hackathon.base.core.formats import iso_utc
    from hackathon.base.live import messages
    from hackathon.base.live.audiences import EVERYONE

    with transaction.atomic():
        at = clock.now()
        envelope = {"id": messages.last_id() + 1, "type": "test.sent", "at": iso_utc(at), "data": 0}
        data = padded({"t": str(stamp)}, LENGTH, around=len(compact(envelope)) - 1)
        messages.publish(EVERYONE, "test.sent", data, at=at)
