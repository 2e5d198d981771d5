import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from submissions.budget.rules import SILENT
from submissions.budget.selectors import open_uploads, received_bytes
from submissions.models import Submission, Upload
from submissions.storage import partial_path


def get_upload_for(user: User, upload_id: uuid.UUID) -> Upload | None:
    """With team, edition, deliverable, and what was received. None for users who are not members of
    the team. One query, two if it was received: a single one takes PostgreSQL longer to plan.
    """
    own = Upload.objects.filter(pk=upload_id, team__memberships__user=user)
    upload = own.select_related("team__edition", "deliverable").first()
    if upload is None:
        return None
    if upload.begun_by_id == user.pk:
        upload.begun_by = user
    if upload.submission_id is not None:
        received = Submission.objects.select_related("receipt")
        upload.submission = received.get(pk=upload.submission_id)
    return upload


def unfinished(*, at: datetime) -> list[Upload]:
    """Complete, but not submissions. One query, and one `stat` per open transfer."""
    candidates = open_uploads(at=at).select_related("team__edition")
    return [upload for upload in candidates if received_bytes(upload.pk) == upload.length]


@dataclass(frozen=True)
class Transfer:
    """`received` in bytes. `speed`: bytes a second since it began. `moved_at`: its last byte."""

    upload: Upload
    received: int
    speed: float
    moved_at: datetime
    is_stalled: bool

    @property
    def seconds_left(self) -> float | None:
        """None: not known."""
        return (self.upload.length - self.received) / self.speed if self.speed else None

    @property
    def percent(self) -> int:
        return 100 * self.received // max(self.upload.length, 1)


def under_way_by_team(edition: Edition) -> dict[int, list[Upload]]:
    """By team id, the oldest first. One query."""
    uploads = Upload.objects.filter(submission=None, team__edition=edition)
    by_team: defaultdict[int, list[Upload]] = defaultdict(list)
    for upload in uploads.select_related("deliverable", "begun_by").order_by("begun_at"):
        by_team[upload.team_id].append(upload)
    return dict(by_team)


def transfers_of(uploads: Iterable[Upload], *, at: datetime) -> list[Transfer]:
    """Without those that are whole, and expired ones. One `stat` each."""
    transfers = [_transfer(upload, at=at) for upload in uploads if upload.expires_at >= at]
    return [transfer for transfer in transfers if transfer.received < transfer.upload.length]


def under_way(edition: Edition, *, at: datetime) -> list[Transfer]:
    """Stalled ones first, then the oldest. One query, and one `stat` per open transfer."""
    uploads = open_uploads(at=at).filter(team__edition=edition)
    uploads = uploads.select_related("team", "deliverable")
    return sorted(transfers_of(uploads, at=at), key=lambda t: (not t.is_stalled, t.upload.begun_at))


def _transfer(upload: Upload, *, at: datetime) -> Transfer:
    received, moved_at = 0, upload.begun_at
    try:
        file = partial_path(upload.pk).stat()
    except FileNotFoundError:
        pass
    else:
        received = file.st_size
        moved_at = max(moved_at, datetime.fromtimestamp(file.st_mtime, UTC))
    is_stalled = moved_at < at - SILENT
    seconds = ((moved_at if is_stalled else max(at, moved_at)) - upload.begun_at).total_seconds()
    return Transfer(upload, received, received / max(seconds, 1), moved_at, is_stalled)


def expired_uploads(*, at: datetime) -> list[uuid.UUID]:
    """Received ones included."""
    return list(Upload.objects.filter(expires_at__lt=at).values_list("pk", flat=True))


def known_uploads() -> dict[str, bool]:
    """By the name of the partial file: whether it is no longer needed."""
    uploads = Upload.objects.values_list("pk", "submission")
    return {pk.hex: submission is not None for pk, submission in uploads}
