"""Signs of life of the processes, and the skew of their clocks."""

import logging
import math
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.models import Max
from django.db.models.functions import Now

from hackathon.base.core import clock, metrics, serving
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS
from hackathon.base.live.hub import hub
from hackathon.run.operations.enums import ProcessKind
from hackathon.run.operations.models import Heartbeat

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
LOOK_SECONDS = 1.0  # while the process does not work: it is no longer called silent once it does
# A process that was silent for longer is taken for dead.
SILENT_AFTER = timedelta(seconds=45)
KEPT = timedelta(days=1)
# The clocks of the processes decide about marks: above this, somebody must act.
SKEW_ALARM_MS = 1000.0
# These say themselves that another server has taken over; the other processes end.
ANSWERING = (ProcessKind.SITE, ProcessKind.WEB, ProcessKind.UPLOADS)

KINDS = (ORGANIZERS, "jury", "team", "helpers")


@dataclass(frozen=True)
class Skew:
    """Milliseconds; positive: the clock of this process is ahead of that of the database."""

    ms: float
    error_ms: float


def measured_skew() -> Skew:
    """One query. Raises `DatabaseError`."""
    connection.ensure_connection()
    before = clock.now()
    answered = _database_clock()
    after = clock.now()
    half = (after - before) / 2
    return Skew(_ms(before + half - answered), _ms(half))


def _database_clock() -> datetime:
    if connection.vendor == "sqlite":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (instant,) = cursor.fetchone()
    return instant.astimezone(UTC)


def beat(kind: str) -> Skew:
    """Writes the sign of life of this process. Three queries. Raises `DatabaseError`."""
    skew = measured_skew()
    Heartbeat.objects.update_or_create(
        process=f"{kind}@{socket.gethostname()}:{os.getpid()}",
        defaults={
            "kind": kind,
            "at": Now(),
            "clock_skew_ms": skew.ms,
            "clock_error_ms": skew.error_ms,
            "pages": page_counts(),
        },
    )
    return skew


def page_counts() -> dict[str, int]:
    """Open pages of this process, each counted once: of an organizer, a juror, a team, a helper, or
    of the public. A page that is still being recognized is not counted.
    """
    # Another thread than that of the hub: a copy first.
    counts = Counter(_kind_of(audiences) for audiences in hub.audiences_of_pages())
    return {kind: counts[kind] for kind in (*KINDS, EVERYONE)}


def _kind_of(audiences: frozenset[str]) -> str:
    kinds = {name.partition(":")[0] for name in audiences}
    return next((kind for kind in KINDS if kind in kinds), EVERYONE)


def living_names() -> set[str]:
    """As `core.metrics` names them. One query."""
    living = Heartbeat.objects.filter(at__gt=Now() - SILENT_AFTER)
    processes = living.order_by().values_list("process", flat=True)
    addresses = (process.rpartition("@")[2].rpartition(":") for process in processes)
    return {metrics.process_name(host, pid) for host, _, pid in addresses}


def silences() -> dict[str, float]:
    """Seconds since the last sign of life, by kind of process. Infinite: of a kind that is expected
    (`CCD_PROCESSES`) and has given none in the last day. One query.
    """
    newest = Heartbeat.objects.order_by().values("kind").annotate(silent=Now() - Max("at"))
    given = {kind: silent.total_seconds() for kind, silent in newest.values_list("kind", "silent")}
    return dict.fromkeys(settings.EXPECTED_PROCESSES, math.inf) | given


def is_silent(seconds: float) -> bool:
    return seconds > SILENT_AFTER.total_seconds()


def forget_old() -> None:
    Heartbeat.objects.filter(at__lt=Now() - KEPT).delete()


class HeartbeatThread:
    """Writes a sign of life every ten seconds, as long as `is_alive` says so, and this server
    serves. `release` gives the connections back.
    """

    def __init__(
        self, kind: str, is_alive: Callable[[], bool], release: Callable[[], None]
    ) -> None:
        self._kind = kind
        self._is_alive = is_alive
        self._release = release
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def _run(self) -> None:
        while True:
            if is_alive := self._is_alive():
                self._beat()
            waits = LOOK_SECONDS if not is_alive or serving.is_stopped() else EVERY_SECONDS
            if self._ending.wait(waits):
                return

    def _beat(self) -> None:
        if settings.HEARTBEAT_FILE:
            settings.HEARTBEAT_FILE.touch()
        _measure()
        try:
            if serving.look():
                self._end_if_silent()
                return
            skew = beat(self._kind)
        except DatabaseError as error:
            logger.warning("No sign of life: the database does not answer: %s", error)
            return
        finally:
            self._release()
        if abs(skew.ms) - skew.error_ms > SKEW_ALARM_MS:
            logger.error(
                "The clock of this process is %.1f s away from that of the database: it decides "
                "which deposits are on time. Synchronize the clocks of the machines.",
                skew.ms / 1000,
            )

    def _end_if_silent(self) -> None:
        if not self._kind.startswith(ANSWERING):
            os.kill(os.getpid(), signal.SIGTERM)


def start(
    kind: str,
    is_alive: Callable[[], bool] = lambda: True,
    release: Callable[[], None] = connections.close_all,
) -> HeartbeatThread | None:
    """None without Redis and without a second server: then there is one process, which answers or
    does not.
    """
    if not (settings.REDIS_URL or settings.SERVER_NAME):
        return None
    thread = HeartbeatThread(settings.PROCESS or kind, is_alive, release)
    thread.start()
    return thread


def _measure() -> None:
    """What only this process knows of itself."""
    metrics.SOCKETS.set(hub.connections)
    # Before the first query there is no pool, and asking for it would open one.
    pool = getattr(connection, "_connection_pools", {}).get(connection.alias)
    if pool is not None:
        stats = pool.get_stats()
        metrics.POOL.labels("open").set(stats.get("pool_size", 0))
        metrics.POOL.labels("used").set(stats.get("pool_size", 0) - stats.get("pool_available", 0))
        metrics.POOL.labels("waiting").set(stats.get("requests_waiting", 0))


def _ms(duration: timedelta) -> float:
    return duration / timedelta(milliseconds=1)
