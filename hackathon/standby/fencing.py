"""Whether this process knows that another server has taken over. Checked at its start and every
ten seconds by a thread (`operations.heartbeats`), never in a request.
"""

import logging

from hackathon.standby import services

logger = logging.getLogger(__name__)

_reason = ""


def look(*, starts: bool = False) -> str:
    """Why it must not serve; empty if it may. `starts`: a process that starts; Docker does this by
    itself after a power cut. Two queries, and waits for the other server three seconds at most;
    without a second server none. Raises `DatabaseError`.
    """
    global _reason
    reason = services.start_refusal() if starts else services.stop_reason()
    if reason and not _reason:
        logger.warning("This server does not serve. %s", reason)
    _reason = reason
    return reason


def is_fenced() -> bool:
    return bool(_reason)
