"""What a process needs in order to serve. Answers hold no secret and nothing to translate."""

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from hackathon.base.core import clock
from hackathon.run.operations import heartbeats
from hackathon.run.operations.backup.selectors import last_backup_at, last_copy_at
from hackathon.run.operations.migrated import unapplied_migrations
from submissions.models import deposits_storage

logger = logging.getLogger(__name__)

# Load balancers and scrapers ask at once and often.
CACHE_SECONDS = 2.0
REMOTE_CACHE_SECONDS = 15.0
REDIS_TIMEOUT_SECONDS = 1.0
# Shorter than health checks wait for the answer, so that they learn what is wrong.
DATABASE_TIMEOUT_SECONDS = 3.0
# `deploy/copy-away` makes one each half minute.
COPY_OLD = timedelta(minutes=3)


class Failed(Exception):
    """With a word about what is wrong."""


@dataclass(frozen=True)
class Check:
    """Without a `required` one the process cannot serve pages. The site continues to work without
    Redis, and shows pages without its storage. `queries`: not run if the database does not answer.
    `on_top`: what the report says of its outcome beside `ready`.
    """

    name: str
    required: bool
    run: Callable[[], dict[str, Any]]
    cache_seconds: float = CACHE_SECONDS
    queries: bool = False
    on_top: tuple[str, ...] = ()


def _database() -> dict[str, Any]:
    pool = getattr(connection, "pool", None)  # of PostgreSQL
    if pool is None or connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {}
    with connection.wrap_database_errors:
        pool.open()
        with pool.connection(DATABASE_TIMEOUT_SECONDS) as pooled:
            pooled.execute("SELECT 1")
    return {}


class _Migrations:
    def __init__(self) -> None:
        self._applied = False  # migrations are never taken back while a process runs

    def __call__(self) -> dict[str, Any]:
        if not self._applied:
            if missing := unapplied_migrations():
                raise Failed(f"{len(missing)} not applied")
            self._applied = True
        return {}


def _redis() -> dict[str, Any]:
    if not settings.REDIS_URL:
        return {"used": False}
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
    )
    with client:
        client.ping()
    return {}


def _storage() -> dict[str, Any]:
    storage: Any = deposits_storage()
    if storage.is_remote:
        storage.client.head_bucket(Bucket=storage.bucket_name)
    directories = [settings.DATA_DIR, settings.UPLOADS_DIR, settings.FILE_UPLOAD_TEMP_DIR]
    if not all(os.access(directory, os.W_OK) for directory in directories):
        raise Failed("not writable")
    disk = os.statvfs(settings.UPLOADS_DIR)
    free = disk.f_bavail * disk.f_frsize
    if free < settings.DISK_RESERVE:
        raise Failed("disk full")
    return {"free_bytes": free}


def _processes() -> dict[str, Any]:
    """Seconds since the last sign of life of each kind of process."""
    silences = heartbeats.silences()
    dead = [
        kind if math.isfinite(seconds) else f"{kind} (never started)"
        for kind, seconds in silences.items()
        if heartbeats.is_silent(seconds)
    ]
    if dead:
        raise Failed("silent: " + ", ".join(sorted(dead)))
    return {"silent_seconds": {kind: round(seconds, 1) for kind, seconds in silences.items()}}


def _clock() -> dict[str, Any]:
    skew = heartbeats.measured_skew()
    if abs(skew.ms) - skew.error_ms > heartbeats.SKEW_ALARM_MS:
        raise Failed(f"{skew.ms:.0f} ms from the database's")
    return {"skew_ms": round(skew.ms, 1), "error_ms": round(skew.error_ms, 1)}


def _backup() -> dict[str, Any]:
    """Old: two were due since."""
    if settings.BACKUP_DIR is None:
        return {"used": False}
    last = last_backup_at()
    if last is None:
        raise Failed("no backup yet")
    age = clock.now() - last
    if age > timedelta(minutes=2 * settings.BACKUP_MINUTES + 5):
        raise Failed(f"the last one is {age.total_seconds() / 3600:.1f} h old")
    return {"age_seconds": round(age.total_seconds())}


def _copy() -> dict[str, Any]:
    """What is newer is lost with this machine."""
    last = last_copy_at()
    if last is None:
        return {"used": False}
    age = clock.now() - last
    if age > COPY_OLD:
        raise Failed(f"the last one is {age.total_seconds() / 60:.0f} min old")
    return {"age_seconds": round(age.total_seconds())}


# Extras add theirs.
CHECKS = [
    Check("database", True, _database),
    Check("migrations", True, _Migrations(), queries=True),
    Check("redis", False, _redis),
    Check("storage", False, _storage, cache_seconds=REMOTE_CACHE_SECONDS),
    Check("processes", False, _processes, queries=True),
    Check("clock", False, _clock, queries=True),
    Check("backup", False, _backup, cache_seconds=REMOTE_CACHE_SECONDS),
    Check("copy", False, _copy),
]


@dataclass
class _Result:
    at: float
    outcome: dict[str, Any]


_NOT_ASKED = {"ok": False, "error": "database unavailable", "ms": 0.0}
_results: dict[str, _Result] = {}
_lock = threading.Lock()


def report() -> dict[str, Any]:
    """`ready` is what decides; `degraded` names what works only in part. `version`: of the site."""
    with _lock:
        checks: dict[str, dict[str, Any]] = {}
        for check in CHECKS:
            away = check.queries and not checks["database"]["ok"]
            checks[check.name] = _NOT_ASKED if away else _checked(check)
    failed = [name for name, result in checks.items() if not result["ok"]]
    required = {check.name for check in CHECKS if check.required}
    return {
        "ready": not required.intersection(failed),
        "version": settings.VERSION,
        **{name: checks[check.name].get(name) for check in CHECKS for name in check.on_top},
        "degraded": [name for name in failed if name not in required],
        "checks": checks,
    }


def forget_results() -> None:
    _results.clear()


def _checked(check: Check) -> dict[str, Any]:
    last = _results.get(check.name)
    if last is None or time.monotonic() - last.at > check.cache_seconds:
        outcome = _run(check)
        last = _results[check.name] = _Result(time.monotonic(), outcome)
    return last.outcome


def _run(check: Check) -> dict[str, Any]:
    begun = time.monotonic()
    try:
        outcome = {"ok": True, **check.run()}
    except Failed as failed:
        outcome = {"ok": False, "error": str(failed)}
    except DatabaseError as error:
        logger.warning("Check of %s: %s", check.name, error)
        outcome = {"ok": False, "error": "database unavailable"}
    except Exception as error:  # noqa: BLE001 - whatever a storage or a broker raises
        logger.warning("Check of %s: %s", check.name, error)
        outcome = {"ok": False, "error": "unavailable"}
    return {**outcome, "ms": round((time.monotonic() - begun) * 1000, 1)}
