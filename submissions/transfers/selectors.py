import shutil
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from hackathon.accounts.models import User
from submissions.models import Upload
from submissions.transfers import partial, rules
from teams.models import Team


def open_uploads(*, at: datetime) -> QuerySet[Upload]:
    """Those that can still become a submission."""
    return Upload.objects.filter(submission=None, expires_at__gte=at)


@dataclass(frozen=True)
class InProgress:
    """`announced` is in bytes, of all teams."""

    announced: int
    of_team: int


def in_progress(team: Team | None = None, *, at: datetime) -> InProgress:
    """One query."""
    found = open_uploads(at=at).aggregate(
        announced=Sum("length", default=0), of_team=Count("pk", filter=Q(team=team))
    )
    return InProgress(**found)


def get_upload_for(user: User, upload_id: uuid.UUID) -> Upload | None:
    """None for users who are not members of the team."""
    return (
        Upload.objects.select_related(
            "team__edition", "deliverable", "begun_by", "submission__receipt"
        )
        .filter(pk=upload_id, team__memberships__user=user)
        .first()
    )


def begun_for(user: User, metadata: str, *, at: datetime) -> Upload | None:
    """Only for metadata with a `key`, which a client uses for one transfer only."""
    own = open_uploads(at=at).filter(begun_by=user, team__memberships__user=user)
    return own.filter(metadata=metadata).select_related("team__edition").first()


def unfinished(*, at: datetime) -> list[Upload]:
    """Complete, but not submissions. One query, and one `stat` per open transfer."""
    candidates = open_uploads(at=at).select_related("team__edition")
    return [upload for upload in candidates if received_bytes(upload.pk) == upload.length]


def expired_uploads(*, at: datetime) -> list[uuid.UUID]:
    """Received ones included."""
    return list(Upload.objects.filter(expires_at__lt=at).values_list("pk", flat=True))


def known_uploads() -> dict[str, bool]:
    """By the name of the partial file: whether it is no longer needed."""
    found = Upload.objects.values_list("pk", "submission")
    return {pk.hex: submission is not None for pk, submission in found}


def promised_bytes(*, at: datetime) -> int:
    """One `stat` per transfer."""
    announced = open_uploads(at=at).values_list("pk", "length")
    return sum(max(length - received_bytes(pk), 0) for pk, length in announced)


def received_bytes(upload_id: uuid.UUID) -> int:
    try:
        return partial.path_of(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


@dataclass(frozen=True)
class Space:
    """In bytes. If space is not low, `promised` is everything that was announced."""

    free: int
    promised: int

    @property
    def is_low(self) -> bool:
        return rules.space_is_low(
            free=self.free, promised=self.promised, reserve=settings.DISK_RESERVE
        )


def space(announced: int, *, at: datetime) -> Space:
    """The partial files are read only if space may be low."""
    free = shutil.disk_usage(settings.UPLOADS_DIR).free
    at_most = Space(free, announced)
    return Space(free, promised_bytes(at=at)) if at_most.is_low else at_most
