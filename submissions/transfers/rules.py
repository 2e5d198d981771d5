from datetime import timedelta

from hackathon.core.errors import Refusal, refuse
from submissions.errors import DepositRefusal

# An unfinished transfer can be resumed for this long.
UPLOAD_KEPT = timedelta(hours=24)
# Far above what a team sends at once: the limit stops scripts that open transfers and leave them.
OPEN_UPLOADS_MAX = 200


def open_uploads_refusal(open_uploads: int) -> Refusal | None:
    if open_uploads < OPEN_UPLOADS_MAX:
        return None
    return refuse(DepositRefusal.TOO_MANY_UPLOADS, max=OPEN_UPLOADS_MAX)


def space_refusal(*, length: int, free: int, promised: int, reserve: int) -> Refusal | None:
    """In bytes. `promised` are announced by transfers in progress and not sent yet."""
    if free - promised - length >= reserve:
        return None
    return refuse(DepositRefusal.STORAGE_FULL)


def space_is_low(*, free: int, promised: int, reserve: int) -> bool:
    return free - promised < 2 * reserve
