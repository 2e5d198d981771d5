"""Two machines with a network between them: network namespaces, each with a directory for its disk,
a PostgreSQL and all processes of its own. Needs root, `ip` and `arping`.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import services
from tests.migrated import NAME, migrated_postgres
from tests.operations import compose, nginx
from tests.operations.night import KEY, clean
from tests.static_files import static_files
from tests.waiting import wait_until

HALL = "ccd-hall"  # a bridge
NETWORK = "198.18.77"  # of those for measurements (RFC 2544)
FLOATING = f"{NETWORK}.10"
URL = f"https://{FLOATING}"
DIRECTORY = "DRILL_DIRECTORY"
SITE = '#!/bin/sh\nexec "$CCD_PYTHON" -m bench.standby.site "$1"\n'
POSTGRESQL = """
listen_addresses = '*'
unix_socket_directories = ''
max_connections = 200
fsync = on
"""


def missing() -> str:
    """What this machine lacks for a drill. Empty: nothing."""
    programs = ("ip", "arping", "rsync", "curl", "redis-server")
    found = {name: shutil.which(name) for name in programs}
    found |= {"PostgreSQL": services.postgres_bin(), "nginx": services.nginx_bin()}
    lacks = [name for name, path in found.items() if path is None]
    if os.geteuid() != 0 or (not lacks and _done("ip", "netns", "list").returncode):
        lacks.append("the right to make network namespaces")
    return ", ".join(lacks)


def _done(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in words]
    return subprocess.run(command, capture_output=True, text=True, **options)  # noqa: S603


def ip(*words: str) -> None:
    _done("ip", *words, check=True)


class Machine:
    def __init__(self, name: str, number: int, other: int, directory: Path) -> None:
        self.name, self.directory = name, directory
        self.address = f"{NETWORK}.{number}"
        self._namespace, self._cable = f"ccd-{name}", f"ccd-{name}"
        self._follow: subprocess.Popen | None = None
        found = services.postgres_bin()
        assert found is not None
        peer = f"{NETWORK}.{other}"
        database = directory / "postgres"
        site = {
            "CCD_SECRET_KEY": KEY,
            "CCD_HTTPS": "1",
            "CCD_ALLOWED_HOSTS": FLOATING,
            "CCD_TRUSTED_ORIGINS": URL,
            "CCD_SITE_URL": URL,
            "CCD_DATA_DIR": str(directory / "site"),
            "CCD_STATIC_ROOT": str(directory / "srv" / "static"),
            "CCD_METRICS_DIR": str(directory / "metrics"),
            "CCD_DATABASE_URL": f"postgres://ccd@127.0.0.1/{NAME}",
            "CCD_REDIS_URL": "redis://127.0.0.1/0",
            "CCD_DISK_RESERVE": "0",
            "CCD_PROCESSES": "web,live,uploads,worker,beat",
            "CCD_LOG_LEVEL": "WARNING",
        }
        second = {
            "CCD_SERVER_NAME": name,
            "CCD_PEER": f"http://{peer}:8000",
            "CCD_STANDBY_FILES": f"rsync://ccd@{peer}:8873/ccd",
            "CCD_STANDBY_PASSWORD_FILE": str(directory / "standby-password"),
            "CCD_STANDBY_SITE": str(directory / "site.sh"),
            "CCD_LISTEN": self.address,
            "CCD_FLOATING_ADDRESS": f"{FLOATING}/24",
            "CCD_SETTINGS": str(directory / "settings"),
            "CCD_ROOT": str(directory / "srv"),
            "CCD_PYTHON": sys.executable,
        }
        postgres = {
            "PGBIN": str(found),
            "PGHOST": "127.0.0.1",
            "PGUSER": "ccd",
            "PGDATABASE": NAME,
            "PGDATA": str(database / "data"),
        }
        self.env = {**clean(), **site, **second, **postgres, DIRECTORY: str(directory)}

    # ------------------------------------------------------------ hardware

    def make(self) -> None:
        """Its cable is in the bridge of the hall."""
        ip("netns", "add", self._namespace)
        ip("link", "add", self._cable, "type", "veth", "peer", "eth0", "netns", self._namespace)
        ip("link", "set", self._cable, "master", HALL, "up")
        for words in (("link", "set", "lo", "up"), ("link", "set", "eth0", "up")):
            ip("-n", self._namespace, *words)
        ip("-n", self._namespace, "addr", "add", f"{self.address}/24", "dev", "eth0")
        static = self.directory / "srv" / "static"
        static.parent.mkdir(parents=True)
        static.symlink_to(static_files())
        Path(self.env["CCD_DATA_DIR"]).mkdir()
        nginx.prepare(self.directory / "nginx", nginx.on_other_ports(static))
        (self.directory / "site.sh").write_text(SITE)
        (self.directory / "site.sh").chmod(0o755)
        (self.directory / "settings").write_text(f"CCD_SERVER_NAME={self.name}\n")
        data = Path(self.env["PGDATA"])
        data.mkdir(parents=True)
        user = pwd.getpwnam("postgres")
        for path in (data.parent, data):
            os.chown(path, user.pw_uid, user.pw_gid)

    def with_database(self) -> None:
        """An empty one, migrated."""
        data = Path(self.env["PGDATA"])
        data.rmdir()
        _done("cp", "-a", migrated_postgres(), data, check=True)
        with (data / "postgresql.conf").open("a") as file:
            file.write(POSTGRESQL)

    def pull_cable(self) -> None:
        ip("link", "set", self._cable, "down")

    def plug_in(self) -> None:
        ip("link", "set", self._cable, "up")

    def has_floating_address(self) -> bool:
        return f" {FLOATING}/" in _done("ip", "-n", self._namespace, "-o", "addr").stdout

    def lose_power(self) -> None:
        """-9 of everything, and nothing of its network answers any more."""
        self.pull_cable()
        while pids := self._pids():
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if self._follow is not None:
            self._follow.wait(60)
            self._follow = None
        # What a start of the machine ends: its boot id, and the address, which it may not have.
        (Path(self.env["CCD_DATA_DIR"]) / "serving").unlink(missing_ok=True)
        _done("ip", "-n", self._namespace, "addr", "del", f"{FLOATING}/24", "dev", "eth0")

    def _pids(self) -> list[int]:
        found = _done("ip", "netns", "pids", self._namespace)
        return [int(pid) for pid in found.stdout.split()]

    def remove(self) -> None:
        self.lose_power()
        _done("ip", "link", "del", self._cable)
        ip("netns", "del", self._namespace)

    # ------------------------------------------------------------ what somebody types on it

    def run(self, *words: object, **options: Any) -> subprocess.CompletedProcess[str]:
        inside = ("ip", "netns", "exec", self._namespace)
        return _done(*inside, *words, cwd=compose.ROOT, env=self.env, **options)

    def standby(self, *arguments: str, code: int = 0) -> str:
        """Of `deploy/standby`. Raises if it ends with another code."""
        done = self.run("deploy/standby", *arguments, stdin=subprocess.DEVNULL)
        if done.returncode != code:
            raise RuntimeError(f"{self.name}: {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def python(self, *arguments: object) -> str:
        done = self.run(sys.executable, *arguments)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def follow(self) -> None:
        with (self.directory / "follow.log").open("a") as log:
            self._follow = subprocess.Popen(  # noqa: S603
                ["ip", "netns", "exec", self._namespace, "deploy/standby", "follow", "2"],  # noqa: S607
                cwd=compose.ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )


@contextlib.contextmanager
def bridge() -> Iterator[None]:
    """The network of the hall, in which this process has an address too."""
    ip("link", "add", HALL, "type", "bridge")
    try:
        ip("addr", "add", f"{NETWORK}.1/24", "dev", HALL)
        ip("link", "set", HALL, "up")
        yield
    finally:
        ip("link", "del", HALL)


@contextlib.contextmanager
def hall(*, keep: bool = False) -> Iterator[tuple[Machine, Machine]]:
    """Both are empty. All ends with the block. `keep`: but their disks."""
    with contextlib.ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="ccd-standby-"))
        if not keep:
            stack.callback(shutil.rmtree, directory, ignore_errors=True)
        directory.chmod(0o755)  # PostgreSQL passes through it
        stack.enter_context(bridge())
        machines = []
        for name, number, other in (("first", 11, 12), ("second", 12, 11)):
            (directory / name).mkdir()
            machine = Machine(name, number, other, directory / name)
            machine.make()
            stack.callback(machine.remove)
            machines.append(machine)
        yield machines[0], machines[1]


def set_up(first: Machine, second: Machine) -> None:
    """As docs/operations/standby.md says it; then `first` serves."""
    first.with_database()
    first.standby("prepare")
    for file in first.directory.glob("standby-*password"):
        shutil.copy(file, second.directory)
    first.standby("serve", "--alone")
    second.standby("join")
    first.follow()
    second.follow()


def set_strict(machine: Machine, strict: bool) -> None:
    """Once the other one is connected."""
    choice = "on" if strict else "off"
    command = ("manage.py", "standby", "strict", choice)
    wait_until(lambda: machine.run(sys.executable, *command).returncode == 0, patience=60)
