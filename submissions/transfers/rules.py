from datetime import timedelta

from hackathon.core.errors import Refusal, refuse
from submissions.errors import DepositRefusal

# An unfinished transfer can be resumed for this long.
UPLOAD_KEPT = timedelta(hours=24)
# Far above what a team sends at once: the limit stops scripts that open transfers and leave them.
OPEN_UPLOADS_MAX = 200


def open_uploads_refusal(open_uploads: int) -> Refusal | None:
    """Whether a team with `open_uploads` transfers in progress may begin another one."""
    if open_uploads < OPEN_UPLOADS_MAX:
        return None
    return refuse(DepositRefusal.TOO_MANY_UPLOADS, max=OPEN_UPLOADS_MAX)


def space_refusal(*, length: int, free: int, promised: int, reserve: int) -> Refusal | None:
    """Whether the disk has space for a file of `length` bytes. All values are in bytes.

    `promised` is what the transfers in progress have announced and not sent yet: each of them must
    be able to finish. `reserve` stays free for the database and the system.
    """
    if free - promised - length >= reserve:
        return None
    return refuse(DepositRefusal.STORAGE_FULL)


def space_is_low(*, free: int, promised: int, reserve: int) -> bool:
    """Whether to warn the organizers: below twice the reserve, while there is time to act."""
    return free - promised < 2 * reserve
