"""Real PostgreSQL and Redis servers for the tests: found on the machine, started in a temporary
directory on a free port of the loopback, ended by the process that started them.
"""

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from tests.waiting import wait_until

OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_any = random.SystemRandom()  # Hypothesis gives the other one the same seed in each worker


def free_port() -> int:
    """A free TCP port of the loopback interface. No process gets it again until this one ends.

    It is outside the range of outgoing connections, if that range leaves ports free, so that a
    server can bind it again after a restart.
    """
    first_outgoing = int(OUTGOING.read_text().split()[0])
    while True:
        port = _any.randrange(10_000, first_outgoing if first_outgoing > 12_000 else 32_000)
        given = socket.socket(socket.AF_UNIX)
        with given, contextlib.suppress(OSError), socket.socket() as probe:
            given.bind(f"\0ccd-test-port-{port}")  # an abstract name, for all processes
            probe.bind(("127.0.0.1", port))
            given.detach()
            return port


def set_niceness(leader: int, niceness: int) -> None:
    """Of a new session and of what it starts later.

    Where Linux schedules sessions as groups (`sched_autogroup_enabled`), the niceness of a process
    counts only inside its session: the group has its own.
    """
    os.setpriority(os.PRIO_PROCESS, leader, niceness)
    group = Path(f"/proc/{leader}/autogroup")
    if group.exists():
        wait_until(lambda: _is_written(group, str(niceness)))


def _is_written(file: Path, text: str) -> bool:
    """False: the kernel takes one such change in 0.1 s, unless by root."""
    with contextlib.suppress(BlockingIOError):
        return bool(file.write_text(text))
    return False


def postgres_bin() -> Path | None:
    """The directory of `initdb` and `postgres`; Debian keeps it off the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = shutil.which("initdb")
    candidates = [*installed, *([Path(found)] if found else [])]
    return candidates[0].parent if candidates else None


def redis_bin() -> str | None:
    """Where `redis-server` is."""
    return shutil.which("redis-server")


def nginx_bin() -> str | None:
    """Debian keeps it off the PATH of users."""
    return proxy_bin("nginx")


def proxy_bin(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


def alertmanager_bin() -> str | None:
    return shutil.which("promtool") and shutil.which("prometheus-alertmanager")


def containers_can_run() -> bool:
    """What tests/containers/machine needs: root, and Docker with the programs around it."""
    programs = "docker dockerd debootstrap slirp4netns nsenter npm git ip rsync"
    if os.geteuid() != 0 or not all(map(shutil.which, programs.split())):
        return False
    return not subprocess.run(["docker", "compose", "version"], capture_output=True).returncode


def chromium_bin() -> str | None:
    """The system's Chromium; Playwright's own is never downloaded."""
    return (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )


def firefox_bin() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def headless_chromium_bin() -> str | None:
    """Chromium's headless shell, or Chromium. The shell is the same engine without the interface of
    a browser: opening a page in a new context costs a third of the CPU time. It has neither
    notifications nor a back-forward cache.
    """
    return shutil.which("chromium-headless-shell") or chromium_bin()


class Postgres:
    """As root it runs as the user `postgres`, as it must. `durable`: with fsync and a session of
    its own, as in production; tests have nothing to lose, and end it with themselves. `data`: it
    begins with a copy of these files of another one. At the end of `with` it stops and its
    directory, of 200 MB, is removed.
    """

    def __init__(self, *, durable: bool = False, data: Path | None = None) -> None:
        found = postgres_bin()
        assert found is not None, "PostgreSQL is not installed"
        self.bin = found
        self.directory = Path(tempfile.mkdtemp(prefix="ccd-pg-"))
        self.port = free_port()
        self.url = f"postgres://ccd@127.0.0.1:{self.port}/postgres"
        self.demoted: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.directory, user.pw_uid, user.pw_gid)
            self.demoted = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._durable = durable
        self.options = [
            f"-p{self.port}",
            "-h127.0.0.1",
            f"-k{self.directory}",
            f"-cfsync={'on' if durable else 'off'}",
            "-cmax_connections=200",
        ]
        self._server: subprocess.Popen | None = None
        self.data = self.directory / "data"
        if data is not None:
            subprocess.run(["cp", "-a", data, self.data], check=True)  # with their owner
        else:
            auth = ["-U", "ccd", "--auth=trust", "-E", "UTF8", "--no-sync"]
            self.run("initdb", "-D", self.data, *auth)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._server is not None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def _quiet(self) -> dict[str, Any]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": self.directory}
        return {**quiet, **self.demoted}

    def run(self, program: str, *arguments: object) -> None:
        subprocess.run([self.bin / program, *map(str, arguments)], check=True, **self._quiet)

    def create(self, database: str) -> None:
        """While it runs."""
        self.run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "ccd", database)

    def make_directory(self, path: Path) -> None:
        """In which it can write."""
        subprocess.run(["mkdir", "-p", path], check=True, **self._quiet)

    def start(self) -> None:
        command = [self.bin / "postgres", "-D", self.data, *self.options]
        self._server = subprocess.Popen(command, start_new_session=self._durable, **self._quiet)
        _wait_for(self.port, self._server)
        # It listens before it has recovered.
        ready = [self.bin / "pg_isready", "-q", "-t30", "-h127.0.0.1", f"-p{self.port}"]
        wait_until(lambda: subprocess.run(ready).returncode == 0)

    @property
    def pid(self) -> int:
        assert self._server is not None
        return self._server.pid

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: without waiting for pools that keep connections. SIGQUIT: as after a crash."""
        assert self._server is not None
        self._server.send_signal(number)
        self._server.wait(60)


@contextlib.contextmanager
def postgres(*, durable: bool = False, data: Path | None = None) -> Iterator[str]:
    """A running PostgreSQL; gives its URL."""
    with Postgres(durable=durable, data=data) as server:
        server.start()
        yield server.url


class Redis:
    """A Redis that keeps nothing on disk, and can be killed and started again at the same place."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._server: subprocess.Popen | None = None

    def start(self) -> None:
        """Returns once it listens."""
        program = redis_bin()
        assert program is not None, "Redis is not installed"
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._server = subprocess.Popen(
            [program, "--port", str(self.port), *options], stdout=subprocess.DEVNULL
        )
        _wait_for(self.port, self._server)

    @property
    def pid(self) -> int:
        assert self._server is not None
        return self._server.pid

    def signal(self, number: signal.Signals) -> None:
        """SIGSTOP: it takes connections and answers nothing; SIGCONT: it does again."""
        assert self._server is not None
        self._server.send_signal(number)

    def kill(self) -> None:
        """-9: nobody listens any more when this returns."""
        self.signal(signal.SIGKILL)
        self._server.wait(60)


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A running one; gives its URL."""
    server = Redis()
    server.start()
    try:
        yield server.url
    finally:
        server.kill()


def _wait_for(port: int, server: subprocess.Popen) -> None:
    """Return when something listens on `port`; raise if the server ends or time runs out."""

    def is_listening() -> bool:
        if server.poll() is not None:
            raise RuntimeError(f"Server ended with code {server.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return True
        return False

    wait_until(is_listening, lambda: f"Nothing listens on port {port}")
