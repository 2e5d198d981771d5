import shutil
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from hackathon.editions.models import Edition
from submissions.budget import rules
from submissions.budget.rules import Budget, Space
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Submission, Upload
from submissions.storage import partial_path
from teams.models import Team

FIRST_VERSIONS_SECONDS = 10


def open_uploads(*, at: datetime) -> QuerySet[Upload]:
    """Those that can still become a submission."""
    return Upload.objects.filter(submission=None, expires_at__gte=at)


def received_bytes(upload_id: uuid.UUID) -> int:
    try:
        return partial_path(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def versions_of(team: Team, deliverable: Deliverable) -> int:
    """One query."""
    return Submission.objects.filter(team=team, deliverable=deliverable).count()


@dataclass(frozen=True)
class Stored:
    """All versions of one deliverable by one team. `size` in bytes."""

    versions: int
    size: int


def stored_by(team: Team) -> dict[int, Stored]:
    """By id of those deliverables that have a version. One query."""
    versions = Submission.objects.filter(team=team).order_by().values_list("deliverable")
    found = versions.annotate(Count("pk"), Sum("size"))
    return {pk: Stored(number, size) for pk, number, size in found}


def budget_of(team: Team, *, at: datetime) -> Budget:
    """Three queries."""
    deliverables = Deliverable.objects.filter(department=team.department_id)
    uploads = open_uploads(at=at).filter(team=team)
    return budget_with(deliverables, stored_by(team), uploads)


def budget_with(
    deliverables: Iterable[Deliverable], stored: Mapping[int, Stored], uploads: Iterable[Upload]
) -> Budget:
    """All of one team. `stored`: by id of the deliverable. `uploads`: those that are open."""
    files = [d for d in deliverables if d.kind == DeliverableKind.FILE]
    announced = list(uploads)
    begun = {*stored, *(upload.deliverable_id for upload in announced)}
    return Budget(
        total=rules.team_bytes(files),
        used=sum(found.size for found in stored.values()) + sum(u.length for u in announced),
        open_uploads=len(announced),
        not_begun={d.pk: d.max_bytes for d in files if d.pk not in begun},
    )


def disk() -> Space:
    """Without what is promised. No query."""
    free = shutil.disk_usage(settings.UPLOADS_DIR).free
    return Space(free=free, promised=0, reserve=settings.DISK_RESERVE)


def space(*, at: datetime) -> Space:
    """One query and one `stat` per open upload. Without what first versions need."""
    uploads = open_uploads(at=at).only("length", "begun_at")
    return replace(disk(), promised=sum(_still_coming(upload, at=at) for upload in uploads))


def with_first_versions(space: Space, edition: Edition) -> Space:
    """At most `FIRST_VERSIONS_SECONDS` old: two queries, or one of the cache."""
    key = f"submissions.first_versions.{edition.pk}"
    found = cache.get_or_set(key, lambda: first_versions(edition), FIRST_VERSIONS_SECONDS)
    return replace(space, first_versions=found or 0)


def _still_coming(upload: Upload, *, at: datetime) -> int:
    """0 if the transfer is silent: what it announced is not held against other teams."""
    received, moved_at = 0, upload.begun_at.timestamp()
    try:
        found = partial_path(upload.pk).stat()
    except FileNotFoundError:
        pass
    else:
        received, moved_at = found.st_size, max(moved_at, found.st_mtime)
    is_silent = moved_at < (at - rules.SILENT).timestamp()
    return 0 if is_silent else max(upload.length - received, 0)


def first_versions(edition: Edition) -> int:
    """Bytes that the first versions of all teams may still need. Two queries."""
    deliverables = Deliverable.objects.filter(
        department__edition=edition, kind=DeliverableKind.FILE
    ).annotate(teams=Count("department__teams", distinct=True))
    handed_in = dict(
        Submission.objects.filter(deliverable__department__edition=edition)
        .order_by()
        .values_list("deliverable")
        .annotate(Count("team", distinct=True))
    )
    return sum(d.max_bytes * max(d.teams - handed_in.get(d.pk, 0), 0) for d in deliverables)
