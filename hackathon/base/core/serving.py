"""Whether this process knows that it must not serve, because another server does. Checked at its
start and every ten seconds by a thread (`operations.heartbeats`), never in a request.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

logger = logging.getLogger(__name__)

UNWATCHED = (
    "CCD_SERVER_NAME is set, but no extra that is installed (CCD_EXTRAS) asks the other server "
    "whether it serves."
)


@dataclass(frozen=True)
class Watch:
    """`reason` says in English why this process must not serve, empty if it may, and gets whether
    it starts. `may_wait`: whether it may start nevertheless, and say that it does not serve. Both
    may raise `DatabaseError`.
    """

    reason: Callable[[bool], str]
    may_wait: Callable[[], bool]


_watch: Watch | None = None
_reason = ""


def watch_by(watch: Watch) -> None:
    global _watch
    _watch = watch


def look(*, starts: bool = False) -> str:
    """Why it must not serve; empty if it may. `starts`: a process that starts; Docker does this by
    itself after a power cut. Without a second server no query. Raises `DatabaseError`.
    """
    global _reason
    reason = _watch.reason(starts) if _watch else UNWATCHED if settings.SERVER_NAME else ""
    if reason and not _reason:
        logger.warning("This server does not serve. %s", reason)
    _reason = reason
    return reason


def start_refusal() -> str:
    """Why this process must not start; empty if it may, or may wait. Raises `DatabaseError`."""
    reason = look(starts=True)
    return "" if reason and _watch and _watch.may_wait() else reason


def is_stopped() -> bool:
    return bool(_reason)
