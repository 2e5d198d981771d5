"""What Prometheus may know (`docs/operations.md`): numbers only, no person and no team.

With `CCD_METRICS_DIR` each process writes its own files there, and `manage.py metrics` adds them
up.
"""

import os
import socket
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def method_label(method: str | None) -> str:
    """Clients may send any word: each would be a time series, which is kept for ever."""
    return method if method in METHODS else "other"


def process_name(host: str, pid: object) -> str:
    """At the end of the names of its files."""
    return f"{host.replace('_', '-')}-{pid}"


if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # Its own default is the process id, which two containers may share.
    values.ValueClass = values.MultiProcessValue(  # type: ignore[no-untyped-call]
        lambda: process_name(socket.gethostname(), os.getpid())
    )

REQUESTS = Counter("ccd_requests_total", "Requests of pages and API", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "ccd_request_seconds",
    "From the first byte of a request to the end of the answer's headers",
    ["route"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10),
)
UPLOADS = Counter(
    "ccd_upload_requests_total",
    "Requests of resumable uploads; `code` says why one was refused",
    ["method", "status", "code"],
)
UPLOAD_BYTES = Counter("ccd_upload_bytes_total", "Bytes received by resumable uploads")
DEPOSITS = Counter("ccd_deposits_total", "Deposits received", ["punctuality"])
SOCKETS = Gauge("ccd_sockets", "Open sockets", multiprocess_mode="livesum")
MESSAGE_SECONDS = Histogram(
    "ccd_message_seconds",
    "From the commit of a live message until it is handed to the sockets of a process",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10),
)
TASKS = Counter("ccd_tasks_total", "Background tasks that ended", ["task", "outcome"])
SIGN_IN_FAILURES = Counter("ccd_sign_in_failures_total", "Sign-ins refused", ["reason"])
POOL = Gauge(
    "ccd_pool_connections",
    "Connections to the database, of all processes",
    ["state"],
    multiprocess_mode="livesum",
)


class ProcessesCollector(Collector):
    """The numbers of all processes that keep files in `directory`: what they counted, also if they
    ended; what is open now (`gauge_live…`), only of those that live. None: of all.
    """

    def __init__(self, directory: str | Path, living: Collection[str] | None) -> None:
        self._directory = Path(directory)
        self._living = living

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        files = [str(path) for path in self._directory.glob("*.db") if self._counts(path)]
        merge: Any = MultiProcessCollector.merge
        yield from merge(files, accumulate=True)

    def _counts(self, path: Path) -> bool:
        kind, _, name = path.stem.rpartition("_")
        return self._living is None or not kind.startswith("gauge_live") or name in self._living


# `operations` decides which processes are alive.
living_names: list[Callable[[], Collection[str]]] = []


def open_sockets() -> int:
    """Of all processes with `CCD_METRICS_DIR`, else of this one."""
    registry = REGISTRY
    if directory := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        (ask,) = living_names
        registry.register(ProcessesCollector(directory, ask()))
    return int(registry.get_sample_value("ccd_sockets") or 0)
