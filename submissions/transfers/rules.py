"""Whether a resumable transfer may begin, and go on."""

from datetime import datetime, timedelta

from hackathon.core.errors import Refusal, refuse
from hackathon.core.formats import filesize_fr
from submissions.errors import DepositRefusal
from submissions.models import Deliverable, Upload

UPLOAD_KEPT = timedelta(hours=24)
# Nobody sends that many files at once; somebody's script that opens transfers and leaves them does.
OPEN_UPLOADS_MAX = 200


def upload_expires_at(*, begun_at: datetime) -> datetime:
    """Until when an unfinished transfer can be taken up again."""
    return begun_at + UPLOAD_KEPT


def has_expired(upload: Upload, *, at: datetime) -> bool:
    """Whether the transfer can no longer be taken up. What was received is not concerned."""
    return at > upload.expires_at


def open_uploads_refusal(open_uploads: int) -> Refusal | None:
    """Whether a team that has so many transfers under way may begin one more."""
    if open_uploads < OPEN_UPLOADS_MAX:
        return None
    return refuse(DepositRefusal.TOO_MANY_UPLOADS, max=OPEN_UPLOADS_MAX)


def space_refusal(*, length: int, free: int, promised: int, reserve: int) -> Refusal | None:
    """Whether the disk has room for a file of `length` bytes.

    `promised` is what transfers under way have announced and not sent yet: sixty that are let in
    together must all end. `reserve` stays free for the database and the system. All in bytes.
    """
    if free - promised - length >= reserve:
        return None
    return refuse(DepositRefusal.STORAGE_FULL)


def space_is_low(*, free: int, promised: int, reserve: int) -> bool:
    """Whether organizers must hear of it: twice the reserve, while there is time to act."""
    return free - promised < 2 * reserve


def part_refusal(length: int, asked: list[Deliverable]) -> Refusal | None:
    """Whether a part of `length` bytes can belong to any of these deliverables.

    A part does not say which one it is for; the whole is judged when the parts are joined.
    """
    largest = max((d.max_bytes for d in asked), default=0)
    if length == 0:
        return refuse(DepositRefusal.EMPTY)
    if length > largest:
        return refuse(DepositRefusal.TOO_LARGE, size=filesize_fr(length), max=filesize_fr(largest))
    return None
