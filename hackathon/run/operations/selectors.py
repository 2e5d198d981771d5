"""The state of the service, for organizers. The caller has checked the rights."""

import math
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Now
from redis.exceptions import RedisError

from hackathon.event.editions.models import Edition
from hackathon.run.operations import heartbeats, readiness
from hackathon.run.operations.backup.selectors import last_backup_at
from hackathon.run.operations.enums import ProcessKind, process_name
from hackathon.run.operations.failed_mails import failed_mails
from hackathon.run.operations.models import Heartbeat
from hackathon.run.operations.queues import queues
from submissions.models import Submission

RATE_OVER = timedelta(
    minutes=15
)  # of the deposits from which the growth of used disk space is computed
LONGEST_FORECAST = timedelta(days=2)
LATE_TASK_SECONDS = 60.0


@dataclass(frozen=True)
class Process:
    """`silent_seconds`: infinite if it has never started."""

    kind: str
    silent_seconds: float

    @property
    def name(self) -> str:
        return process_name(self.kind)

    @property
    def is_silent(self) -> bool:
        return heartbeats.is_silent(self.silent_seconds)

    @property
    def has_started(self) -> bool:
        return math.isfinite(self.silent_seconds)


@dataclass(frozen=True)
class Backup:
    """`age`: of the last one."""

    age: timedelta | None
    is_late: bool


@dataclass(frozen=True)
class Health:
    """`full_in`: at the speed of the last minutes; None if it is far away. `oldest_seconds`: of the
    task that waits longest; None if Redis does not answer. `skew_ms`: of the clock furthest from
    that of the database. `pages`: open pages by kind, of all processes. `backup`: None if the site
    makes none by itself.
    """

    database_ms: float
    uses_redis: bool
    redis_is_up: bool
    processes: list[Process]
    oldest_seconds: float | None
    free: int
    full_in: timedelta | None
    mails_failed: int
    skew_ms: float
    pages: dict[str, int]
    is_migrated: bool
    storage_is_up: bool
    backup: Backup | None

    @property
    def is_queue_late(self) -> bool:
        return self.oldest_seconds is not None and self.oldest_seconds > LATE_TASK_SECONDS

    @property
    def is_skewed(self) -> bool:
        return self.skew_ms > heartbeats.SKEW_ALARM_MS


def health(edition: Edition, *, at: datetime) -> Health:
    """Raises `DatabaseError`. Nine queries. Waits for Redis a second at most."""
    checks = readiness.report()["checks"]
    try:
        oldest = max((queue.oldest_seconds for queue in queues()), default=0.0)
    except RedisError:
        oldest = None
    free = shutil.disk_usage(settings.UPLOADS_DIR).free
    living = list(Heartbeat.objects.filter(at__gt=Now() - heartbeats.SILENT_AFTER))
    skews = [abs(heartbeat.clock_skew_ms) - heartbeat.clock_error_ms for heartbeat in living]
    return Health(
        database_ms=checks["database"]["ms"],
        uses_redis=bool(settings.REDIS_URL),
        redis_is_up=checks["redis"]["ok"],
        processes=processes(),
        oldest_seconds=oldest,
        free=free,
        full_in=_full_in(free, at=at),
        mails_failed=len(failed_mails(edition, at=at)),
        skew_ms=max([0.0, *skews]),
        pages=_pages(living),
        is_migrated=checks["migrations"]["ok"],
        storage_is_up=checks["storage"]["ok"],
        backup=_backup(is_late=not checks["backup"]["ok"], at=at),
    )


def _backup(*, is_late: bool, at: datetime) -> Backup | None:
    if settings.BACKUP_DIR is None:
        return None
    last = last_backup_at()
    return Backup(None if last is None else at - last, is_late)


def processes() -> list[Process]:
    """In the order of their kinds."""
    return [Process(kind, seconds) for kind, seconds in sorted(heartbeats.silences().items())]


def missing_workers(*kinds: ProcessKind) -> list[ProcessKind]:
    """Those of which no process gives signs of life. Without Redis all of them are threads of the
    process that answers.
    """
    if not settings.REDIS_URL:
        return []
    living = [process.kind for process in processes() if not process.is_silent]
    return [kind for kind in kinds if not any(name.startswith(kind) for name in living)]


def _full_in(free: int, *, at: datetime) -> timedelta | None:
    came = Submission.objects.filter(received_at__gt=at - RATE_OVER, received_at__lte=at)
    size = came.aggregate(size=Sum("size"))["size"]
    if not size:
        return None
    left = RATE_OVER * (max(free - settings.DISK_RESERVE, 0) / size)
    return left if left < LONGEST_FORECAST else None


def _pages(living: list[Heartbeat]) -> dict[str, int]:
    if not settings.REDIS_URL:
        return heartbeats.page_counts()
    counts = [Counter(heartbeat.pages) for heartbeat in living]
    return {kind: sum(heartbeat[kind] for heartbeat in counts) for kind in heartbeats.page_counts()}
