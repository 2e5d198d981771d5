"""Whether a resumable transfer may begin: how many there are, and room on the disk."""

from hackathon.core.errors import Refusal, refuse
from submissions.errors import DepositRefusal

# Nobody sends that many files at once; somebody's script that opens transfers and leaves them does.
OPEN_UPLOADS_MAX = 200


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
