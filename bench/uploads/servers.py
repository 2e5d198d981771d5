import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench.uploads.client import Job
from tests import services

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
TUS = {"@tus/server": "tus-server.mjs", "@tus/server kept": "tus-server-kept.mjs"}
TICK = os.sysconf("SC_CLK_TCK")
UVICORN = [
    *("-m", "uvicorn", "hackathon.asgi:application", "--no-access-log", "--log-level", "warning"),
    *("--ws", "none"),
]


class Server:
    """`watched` adds the CPU seconds of the server and of the databases, and sets `peak_mb`, the
    largest memory.
    """

    def __init__(self, name: str, port: int, process: subprocess.Popen, store: list[Path]) -> None:
        self.name, self.port, self.process, self._store = name, port, process, store
        self.peak_mb = 0.0
        self.cpu = self.database_cpu = 0.0

    def jobs(self, count: int, chunk: int, people: list[tuple[str, int]]) -> list[Job]:
        if self.name == "nginx":
            return [Job(self.port, 0)] * count
        if self.name in TUS:
            return [Job(self.port, chunk, has_digest=self.name.endswith("kept"))] * count
        chosen = [people[index % len(people)] for index in range(count)]
        return [Job(self.port, chunk, token, deliverable) for token, deliverable in chosen]

    def empty(self) -> None:
        """So that every run starts with the same free space."""
        for directory in self._store:
            for path in directory.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Samples the memory (RSS of the process and its children) inside the block."""
        done = threading.Event()
        before, databases_before = cpu_of(self.process.pid), database_cpu()

        def sample() -> None:
            while not done.wait(0.05):
                self.peak_mb = max(self.peak_mb, _rss_mb(self.process.pid))

        thread = threading.Thread(target=sample)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.cpu += cpu_of(self.process.pid) - before
            self.database_cpu += database_cpu() - databases_before


def require_packages(directory: Path) -> None:
    """Ends the program unless the npm packages of the peers in this directory are installed."""
    packages = directory / "node_modules"
    if not packages.exists():
        command = f"make {(packages / '.stamp').relative_to(ROOT)}"
        sys.exit(f"The npm packages of the servers to compare with are missing: {command}")


def production(stack: contextlib.ExitStack) -> tuple[Path, dict[str, str]]:
    """Runs PostgreSQL and Redis until `stack` ends. Returns data directory and environment."""
    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ccd-bench-")))
    data.chmod(0o755)  # nginx writes below it as another user
    env = {
        "CCD_DATA_DIR": str(data / "site"),
        "CCD_DATABASE_URL": stack.enter_context(services.postgres(durable=True)),
        "CCD_REDIS_URL": stack.enter_context(services.redis()),
        "CCD_DISK_RESERVE": "0",
        "CCD_LOG_LEVEL": "WARNING",  # otherwise a line for each PATCH
    }
    os.environ.update(env)
    return data, env


@contextlib.contextmanager
def running(name: str, data: Path, env: dict[str, str]) -> Iterator[Server]:
    port = services.free_port()
    store = [data / re.sub(r"\W", "-", name)]
    command = [sys.executable]
    if name in TUS:
        command = ["node", str(HERE / TUS[name]), str(port), str(store[0])]
    elif name == "nginx":
        command = ["nginx", "-c", str(_nginx_conf(data, store[0], port)), "-e", "stderr"]
    else:
        store = [Path(env["CCD_DATA_DIR"]) / "uploads", Path(env["CCD_DATA_DIR"]) / "deposits"]
        command += [*UVICORN, "--port", str(port), "--workers", name.removeprefix("uvicorn ")]
    for directory in store:
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o777)
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env={**os.environ, **env}
    )
    try:
        wait_for(port, process)
        yield Server(name, port, process, store)
    finally:
        process.terminate()
        process.wait(20)


def _nginx_conf(data: Path, store: Path, port: int) -> Path:
    (data / "temp").mkdir()
    (data / "temp").chmod(0o777)
    path = data / "nginx.conf"
    path.write_text(
        f"""
        daemon off; worker_processes 2; pid {data}/nginx.pid; error_log stderr error;
        events {{ worker_connections 1024; }}
        http {{
          access_log off; client_max_body_size 2g; client_body_temp_path {data}/temp;
          client_body_buffer_size 512k;
          server {{ listen 127.0.0.1:{port}; root {store}; location / {{ dav_methods PUT; }} }}
        }}
        """
    )
    return path


def _rss_mb(pid: int) -> float:
    """Of the process and its children, in 10^6 bytes."""
    pages = 0
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                pages += _rss_mb(int(child)) * 1e6 / os.sysconf("SC_PAGE_SIZE")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_of(pid: int) -> float:
    """Seconds of a process, of its children that have ended and of those that run."""
    seconds = 0.0
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds = sum(int(field) for field in fields[11:15]) / TICK
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                seconds += cpu_of(int(child))
    return seconds


def database_cpu() -> float:
    """Seconds of the PostgreSQL and Redis servers that this process started."""
    total = 0.0
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            for child in (task / "children").read_text().split():
                if Path(f"/proc/{child}/comm").read_text().strip() in ("postgres", "redis-server"):
                    total += cpu_of(int(child))
    return total


def wait_for(port: int, process: subprocess.Popen) -> None:
    """Raises if the process ends, or after a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with code {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            time.sleep(1.0)  # the other workers
            return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing listens on port {port}")
