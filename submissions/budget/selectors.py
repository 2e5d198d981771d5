import uuid
from dataclasses import replace
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, QuerySet

from hackathon.event.editions.models import Edition
from submissions.budget.rules import SILENT
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Submission, Upload
from submissions.storage import Space, disk, partial_path
from teams.models import Team

FIRST_VERSIONS_SECONDS = 10


def open_uploads(*, at: datetime) -> QuerySet[Upload]:
    """Those that can still become a submission."""
    return Upload.objects.filter(submission=None, expires_at__gte=at)


def open_uploads_of(team: Team, *, at: datetime) -> list[Upload]:
    return list(open_uploads(at=at).filter(team=team))


def received_bytes(upload_id: uuid.UUID) -> int:
    try:
        return partial_path(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def space(*, at: datetime) -> Space:
    """One query and one `stat` per open upload. Without what first versions need."""
    uploads = open_uploads(at=at).only("length", "begun_at")
    return replace(disk(), promised=sum(_still_coming(upload, at=at) for upload in uploads))


def with_first_versions(space: Space, edition: Edition) -> Space:
    """At most `FIRST_VERSIONS_SECONDS` old: two queries, or one of the cache."""
    key = f"submissions.first_versions.{edition.pk}"
    number = cache.get_or_set(key, lambda: first_versions(edition), FIRST_VERSIONS_SECONDS)
    return replace(space, first_versions=number or 0)


def _still_coming(upload: Upload, *, at: datetime) -> int:
    """0 if the transfer is silent: what it announced is not held against other teams."""
    # What has arrived is missing in the free space already. The file's instant is that of its last
    # byte; before the first one, the upload has been silent since it began.
    received, moved_at = 0, upload.begun_at.timestamp()
    try:
        file = partial_path(upload.pk).stat()
    except FileNotFoundError:
        pass
    else:
        received, moved_at = file.st_size, max(moved_at, file.st_mtime)
    is_silent = moved_at < (at - SILENT).timestamp()
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
