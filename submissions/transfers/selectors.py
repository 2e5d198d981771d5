import uuid
from datetime import datetime

from hackathon.accounts.models import User
from submissions.budget.selectors import open_uploads, received_bytes
from submissions.models import Upload


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


def is_known(upload_id: uuid.UUID) -> bool:
    return Upload.objects.filter(pk=upload_id).exists()


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
