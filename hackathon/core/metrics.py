"""What Prometheus may know (`docs/operations.md`): numbers only, no person and no team.

With `CCD_METRICS_DIR` each process writes its own files there, and `manage.py metrics` adds them
up.
"""

import os
import socket

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # Its own default is the process id, which two containers may share.
    values.ValueClass = values.MultiProcessValue(  # type: ignore[no-untyped-call]
        lambda: f"{socket.gethostname().replace('_', '-')}-{os.getpid()}"
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


def open_sockets() -> int:
    """Of all processes with `CCD_METRICS_DIR`, else of this one."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return int(registry.get_sample_value("ccd_sockets") or 0)
