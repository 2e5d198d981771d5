"""The whole site as docker-compose.yml describes it, without containers: each service's own command
with PostgreSQL, Redis and nginx of this machine, on other ports. Its processes can be killed, and
`restart: unless-stopped` starts them again.
"""

import contextlib
import math
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

import httpx

from tests import services
from tests.migrated import NAME, migrated_postgres
from tests.operations import compose, nginx
from tests.static_files import static_files
from tests.waiting import wait_until

KEY = "k" * 60
ANY, TMP = "0.0.0.0", "/tmp/"  # noqa: S104, S108 - as the file has them
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")
PORTS = {"web-a": 8000, "web-b": 8010, "live": 8001, "uploads": 8002, "metrics": 9108}
WITHIN_SECONDS = 5  # what faults have delayed is not waited for
SECOND = "-2"  # at the end of a name: as on a second machine


def first_of(name: str) -> str:
    return name.removesuffix(SECOND)


class Service:
    """One service of the file. `gives_way`: it gets the file's share of the processor. `listen`: at
    which address.
    """

    def __init__(
        self,
        name: str,
        data: Path,
        env: dict[str, str],
        root: Path,
        port: int = 0,
        *,
        gives_way: bool = False,
        listen: str = "127.0.0.1",
    ) -> None:
        self.name, self.root = name, root
        self.log = data / f"{name}.log"
        self._port = port
        described = compose.services()[first_of(name)]
        own = {k: _filled(str(v)) for k, v in described["environment"].items()}
        # No secrets in files here, and no backups.
        own = {k: v for k, v in own.items() if not k.endswith("_FILE") and "BACKUP" not in k}
        self._env = {**clean(), **own, **env, "CCD_HEARTBEAT_FILE": str(data / f"{name}.beat")}
        words = shlex.split(described["command"])
        if port:
            inside = described["ports"][0].rpartition(":")[2]
            words = [w.replace(inside, str(port)) for w in words]
        words = [w.replace(ANY, listen).replace(TMP, f"{data}/") for w in words]
        words = [w.replace("%h", name) for w in words]  # of Celery: the name of the machine
        program = Path(sys.executable).parent / words[0]
        # Without containers niceness stands for shares: a step is a factor of 1.25.
        shares = described.get("cpu_shares", compose.USUAL_SHARES)
        self._niceness = round(math.log(compose.USUAL_SHARES / shares, 1.25)) if gives_way else 0
        self._command = [str(program if program.exists() else words[0]), *words[1:]]
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.root,
                env=self._env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self._niceness:
            services.set_niceness(self._process.pid, self._niceness)

    def start_and_wait(self) -> None:
        self.start()
        wait_until(self.is_ready, lambda: self.log.read_text()[-3000:])

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def children(self) -> list[int]:
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.pid)], capture_output=True, text=True
        )
        return [int(pid) for pid in found.stdout.split()]

    def kill(self) -> None:
        """-9 of the process and of its children."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait(60)

    def kill_child(self) -> None:
        """-9 of one worker; its parent starts another one."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.children()[-1], signal.SIGKILL)

    def kill_children(self) -> None:
        for pid in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def terminate(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()[-3000:]
        if not self._port:
            return True
        path = "/metrics" if self.name == "metrics" else "/readyz"
        with contextlib.suppress(httpx.TransportError):
            answer = httpx.get(f"http://127.0.0.1:{self._port}{path}", trust_env=False)
            return answer.is_success
        return False


class Night:
    """`names`: services of the file; with `SECOND` for another one of the same. `root`: where the
    code is. `gives_way`: background services give way to others, for hours if others never stop, as
    the rest of a run of the tests does.
    """

    def __init__(
        self,
        data: Path,
        *names: str,
        root: Path = compose.ROOT,
        gives_way: bool = False,
        **env: str,
    ) -> None:
        self.data, self.root = data, root
        self.database = services.Postgres(durable=True, data=migrated_postgres())
        self.redis = services.Redis()
        listening = {*PORTS, *(name for name in names if first_of(name) in PORTS)}
        self._ports = {name: services.free_port() for name in listening}
        self._front = nginx.free_ports("p80", "p443")
        self.url = f"https://localhost:{self._front['p443']}"
        self.env = {
            "CCD_SECRET_KEY": KEY,
            "CCD_ALLOWED_HOSTS": "localhost",
            "CCD_TRUSTED_ORIGINS": self.url,
            "CCD_DATA_DIR": str(data / "site"),
            "CCD_STATIC_ROOT": str(data / "srv" / "static"),
            "CCD_METRICS_DIR": str(data / "metrics"),
            "CCD_DATABASE_URL": self.database.url.replace("/postgres", f"/{NAME}"),
            "CCD_REDIS_URL": self.redis.url,
            "CCD_DISK_RESERVE": "0",
            **env,
        }
        self.services = {
            name: Service(name, data, self.env, root, self._ports.get(name, 0), gives_way=gives_way)
            for name in names
        }
        self._nginx: subprocess.Popen | None = None

    # ------------------------------------------------------------ the machine

    @contextlib.contextmanager
    def running(self, *, without: Collection[str] = ()) -> Iterator["Night"]:
        """`without`: services that are started later."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.database)
            self.database.start()
            self.redis.start()
            stack.callback(self.redis.kill)
            (self.data / "srv").mkdir()
            (self.data / "srv" / "static").symlink_to(static_files())
            stack.callback(self.stop_services)
            self.start_services(without)
            self.start_proxy()
            stack.callback(self.stop_proxy)
            yield self

    def start_services(self, without: Collection[str] = ()) -> None:
        """Returns once they are ready."""
        services = [self.services[name] for name in self.services.keys() - set(without)]
        for service in services:
            service.start()
        for service in services:
            wait_until(service.is_ready, lambda s=service: s.log.read_text()[-3000:])

    def stop_services(self) -> None:
        """All at once, as docker does."""
        for service in self.services.values():
            service.terminate()
        for service in self.services.values():
            service.stop()

    def manage(self, *arguments: object) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *map(str, arguments)]
        env = {**clean(), **self.env, "CCD_HTTPS": "1"}
        return subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True)

    def start_proxy(self) -> None:
        directory = self.data / "nginx"
        if not directory.exists():
            ports = {f"p{PORTS[n]}": self._ports[n] for n in PORTS if n != "metrics"}
            text = nginx.on_other_ports(self.data / "srv" / "static", **ports, **self._front)
            for name in self._ports.keys() - PORTS.keys():
                text = nginx.beside(text, self._ports[first_of(name)], self._ports[name])
            nginx.prepare(directory, text)
        command = [nginx.program(), "-c", str(directory / "nginx.conf"), "-p", str(directory)]
        # In a session of its own, as each service: the clients do not share its part.
        self._nginx = subprocess.Popen(
            [*command, "-e", str(directory / "error.log")], start_new_session=True
        )

    def stop_proxy(self) -> None:
        assert self._nginx is not None
        self._nginx.terminate()
        self._nginx.wait(60)

    def pids(self) -> dict[str, int]:
        """The first process of everything that runs."""
        assert self._nginx is not None
        servers = {"nginx": self._nginx.pid, "redis": self.redis.pid, "postgres": self.database.pid}
        return {name: service.pid for name, service in self.services.items()} | servers


def clean() -> dict[str, str]:
    """Without the settings of the test."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCD_", "DJANGO_"))}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _filled(text: str) -> str:
    """The file's defaults; what the file requires, the test sets."""
    return VARIABLE.sub(lambda found: found[3] or "" if found[2] == "-" else "", text)


@contextlib.contextmanager
def on_small_disk(size: str) -> Iterator[Path]:
    """A file system of this size."""
    directory = Path(tempfile.mkdtemp(prefix="ccd-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(directory)]
    subprocess.run(mount, check=True)
    try:
        yield directory
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=True)
        directory.rmdir()
