"""Reads of transfers in progress."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from hackathon.accounts.models import User
from submissions.models import Upload
from teams.models import Team


def open_uploads(*, at: datetime) -> QuerySet[Upload]:
    """Every transfer that can still become a submission."""
    return Upload.objects.filter(submission=None, expires_at__gte=at)


@dataclass(frozen=True)
class UnderWay:
    """Transfers in progress: the bytes that all have announced, and how many are one team's."""

    announced: int
    of_team: int


def under_way(team: Team | None = None, *, at: datetime) -> UnderWay:
    """All transfers in progress and, among them, those of `team`; one query."""
    found = open_uploads(at=at).aggregate(
        announced=Sum("length", default=0), of_team=Count("pk", filter=Q(team=team))
    )
    return UnderWay(**found)


def get_upload_for(user: User, upload_id: uuid.UUID) -> Upload | None:
    """A transfer, for the members of its team; None for anyone else, and if there is none."""
    return (
        Upload.objects.select_related(
            "team__edition", "deliverable", "begun_by", "submission__receipt"
        )
        .filter(pk=upload_id, team__memberships__user=user)
        .first()
    )


def begun_for(user: User, metadata: str, *, at: datetime) -> Upload | None:
    """What a request with the same metadata began, unless it is received. Only for metadata with a
    `key`, which clients never repeat.
    """
    mine = open_uploads(at=at).filter(begun_by=user, team__memberships__user=user)
    return mine.filter(metadata=metadata).select_related("team__edition").first()


def unfinished(*, at: datetime) -> list[Upload]:
    """Transfers whose bytes have all arrived and that are no submission (yet): their process died,
    or the rules refused them. One query and one look at each partial file.
    """
    candidates = open_uploads(at=at).select_related("team__edition")
    return [upload for upload in candidates if received_bytes(upload.pk) == upload.length]


def expired_uploads(*, at: datetime) -> list[uuid.UUID]:
    """The ids of transfers that can no longer be taken up, received ones among them."""
    return list(Upload.objects.filter(expires_at__lt=at).values_list("pk", flat=True))


def known_uploads() -> dict[str, bool]:
    """Names of partial files, and whether the transfer is over: then nobody needs the file."""
    found = Upload.objects.values_list("pk", "submission")
    return {pk.hex: submission is not None for pk, submission in found}


def promised_bytes(*, at: datetime) -> int:
    """What transfers under way have announced and not sent yet."""
    announced = open_uploads(at=at).values_list("pk", "length")
    return sum(max(length - received_bytes(pk), 0) for pk, length in announced)


def received_bytes(upload_id: uuid.UUID) -> int:
    """The size of the partial file; 0 if there is none."""
    try:
        return (Path(settings.UPLOADS_DIR) / upload_id.hex).stat().st_size
    except FileNotFoundError:
        return 0
