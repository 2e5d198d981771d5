"""Reads of transfers in progress."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from hackathon.accounts.models import User
from submissions.enums import Part
from submissions.models import Upload
from teams.models import Team


def open_uploads(*, at: datetime) -> QuerySet[Upload]:
    """Every transfer that can still become a submission, or go into one."""
    used = Q(part=Part.PART, whole_at__isnull=False)
    return Upload.objects.filter(submission=None, expires_at__gte=at).exclude(used)


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


def parts_for(user: User, upload_ids: list[uuid.UUID]) -> list[Upload] | None:
    """These parts in this order, if they are all there and of one team of this user. One may come
    more than once.
    """
    found = {
        upload.pk: upload
        for upload in Upload.objects.select_related("team__edition").filter(
            pk__in=upload_ids, part=Part.PART, team__memberships__user=user
        )
    }
    if len(found) < len(set(upload_ids)) or len({part.team_id for part in found.values()}) != 1:
        return None
    return [found[pk] for pk in upload_ids]


def begun_for(user: User, metadata: str, *, at: datetime) -> Upload | None:
    """What the same words began, unless it is received: they have a `key` that nobody repeats."""
    mine = open_uploads(at=at).filter(begun_by=user, team__memberships__user=user)
    return mine.filter(metadata=metadata, part=Part.WHOLE).select_related("team__edition").first()


def joined_for(user: User, concat: str) -> Upload | None:
    """What the same parts were joined into by the same words: whoever did not hear the answer asks
    again. Their addresses are secret, nobody else can have written them.
    """
    return (
        Upload.objects.select_related("team__edition", "submission__receipt")
        .filter(part=Part.JOINED, concat=concat, team__memberships__user=user)
        .first()
    )


def unfinished(*, at: datetime) -> list[Upload]:
    """Transfers whose bytes have all arrived and that are no submission (yet): their process died,
    or the rules refused them. One query and one look at each partial file.
    """
    candidates = open_uploads(at=at).exclude(part=Part.PART).select_related("team__edition")
    return [upload for upload in candidates if received_bytes(upload.pk) == upload.length]


def expired_uploads(*, at: datetime) -> list[uuid.UUID]:
    """The ids of transfers that can no longer be taken up, received ones among them."""
    return list(Upload.objects.filter(expires_at__lt=at).values_list("pk", flat=True))


def known_uploads() -> dict[str, bool]:
    """Names of partial files, and whether the transfer is over: then nobody needs the file."""
    return {upload.pk.hex: upload.is_over for upload in Upload.objects.all()}


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
