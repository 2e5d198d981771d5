"""Numbers that are read when Prometheus asks: of the database, Redis, the disk and the clocks."""

import errno
import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator

import redis
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.models import Count, F, Max
from django.db.models.functions import Abs, Now
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hackathon.base.core import clock, metrics
from hackathon.run.operations import heartbeats
from hackathon.run.operations.backup.selectors import last_backup_at, last_copy_at
from hackathon.run.operations.heartbeats import SILENT_AFTER
from hackathon.run.operations.models import Heartbeat
from hackathon.run.operations.queues import queues
from submissions.models import Upload

logger = logging.getLogger(__name__)

# What extras add.
OF_DATABASE: list[Callable[[], Iterable[Metric]]] = []

ARCHIVE_FAILING = """
    SELECT coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
    FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'
"""


def registry(*, pod: bool = False) -> CollectorRegistry:
    """Of all processes with `CCD_METRICS_DIR`, else of this one. `pod`: without what would be the
    same in each pod.
    """
    collectors = CollectorRegistry()
    collectors.register(SiteCollector(("disk",) if pod else SiteCollector.PARTS))
    if settings.METRICS_DIR is None:
        collectors.register(OwnCollector())
    else:
        collectors.register(metrics.ProcessesCollector(settings.METRICS_DIR, _living_names()))
    return collectors


class OwnCollector(Collector):
    """The numbers of this process."""

    def collect(self) -> Iterator[Metric]:
        yield from (metric for metric in REGISTRY.collect() if metric.name.startswith("ccd_"))


def _living_names() -> set[str] | None:
    """None if the database does not answer."""
    try:
        return heartbeats.living_names()
    except DatabaseError:
        return None
    finally:
        connections.close_all()


class SiteCollector(Collector):
    PARTS = ("database", "redis", "disk", "backup")

    def __init__(self, parts: Collection[str] = PARTS) -> None:
        self._parts = parts

    def describe(self) -> list[Metric]:
        return []  # so that registering asks nothing

    def collect(self) -> Iterator[Metric]:
        text = "Whether it answers; of the disk, whether anything can be written"
        up = GaugeMetricFamily("ccd_up", text, labels=["what"])
        collectors = (self._database, self._redis, self._disk, self._backup)
        for what, collect in zip(self.PARTS, collectors, strict=True):
            if what not in self._parts:
                continue
            numbers: list[Metric] = []
            try:
                for metric in collect():
                    numbers.append(metric)
            except (DatabaseError, redis.RedisError, OSError) as error:
                logger.warning("No numbers of the %s, or not all: %s", what, error)
                up.add_metric([what], 0)
            else:
                up.add_metric([what], 1)
            yield from numbers
        yield up

    def _database(self) -> Iterator[Metric]:
        try:
            age = GaugeMetricFamily(
                "ccd_process_silent_seconds", "Since the last sign of life", labels=["kind"]
            )
            for kind, seconds in heartbeats.silences().items():
                age.add_metric([kind], seconds)
            yield age
            count = GaugeMetricFamily("ccd_processes", "That give signs of life", labels=["kind"])
            living = Heartbeat.objects.filter(at__gt=Now() - SILENT_AFTER)
            counted = living.values("kind").annotate(count=Count("pk"))
            for kind, number in counted.values_list("kind", "count"):
                count.add_metric([kind], number)
            yield count
            skew = GaugeMetricFamily(
                "ccd_clock_skew_seconds",
                "Furthest from the clock of the database, its uncertainty taken off",
                labels=["kind"],
            )
            furthest = living.values("kind").annotate(
                ms=Max(Abs(F("clock_skew_ms")) - F("clock_error_ms"))
            )
            for kind, ms in furthest.values_list("kind", "ms"):
                skew.add_metric([kind], max(0.0, ms) / 1000)
            yield skew
            yield _archive()
            for numbers in OF_DATABASE:
                yield from numbers()
            yield GaugeMetricFamily(
                "ccd_uploads_open",
                "Resumable uploads in progress",
                value=Upload.objects.filter(submission=None, expires_at__gt=Now()).count(),
            )
        finally:
            connections.close_all()

    def _redis(self) -> Iterator[Metric]:
        length = GaugeMetricFamily("ccd_queue_length", "Tasks that wait", labels=["queue"])
        oldest = GaugeMetricFamily(
            "ccd_queue_oldest_seconds", "For how long the oldest task waits", labels=["queue"]
        )
        for queue in queues():
            length.add_metric([queue.name], queue.length)
            oldest.add_metric([queue.name], queue.oldest_seconds)
        yield length
        yield oldest

    def _disk(self) -> Iterator[Metric]:
        disk = os.statvfs(settings.DATA_DIR)
        free = GaugeMetricFamily("ccd_disk_free_bytes", "For deposits and uploads")
        free.add_metric([], disk.f_bavail * disk.f_frsize)
        yield free
        reserve = GaugeMetricFamily("ccd_disk_reserve_bytes", "CCD_DISK_RESERVE")
        reserve.add_metric([], settings.DISK_RESERVE)
        yield reserve
        if not disk.f_bavail:
            raise OSError(errno.ENOSPC, "no space left")

    def _backup(self) -> Iterator[Metric]:
        age = GaugeMetricFamily("ccd_backup_age_seconds", "Since the last complete backup")
        if (last := last_backup_at()) is not None:
            age.add_metric([], (clock.now() - last).total_seconds())
        yield age
        copy = GaugeMetricFamily("ccd_copy_age_seconds", "Since the last copy on another machine")
        if (last := last_copy_at()) is not None:
            copy.add_metric([], (clock.now() - last).total_seconds())
        yield copy


def _archive() -> Metric:
    """Without numbers where PostgreSQL does not archive (`deploy/pitr`)."""
    failing = GaugeMetricFamily(
        "ccd_archive_failing", "1 if PostgreSQL could not archive its last changes"
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(ARCHIVE_FAILING)
            for (is_failing,) in cursor.fetchall():
                failing.add_metric([], float(is_failing))
    return failing
