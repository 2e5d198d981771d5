"""Whether this process has learned that it must not serve any more. A request asks nobody: a
thread of each process looks every ten seconds (`operations.heartbeats`), and each start does.
"""

import logging

from hackathon.standby import services

logger = logging.getLogger(__name__)

_reason = ""


def look() -> str:
    """Why it must not serve; empty if it may. Two queries, and waits for the other server three
    seconds at most; without a second server none. Raises `DatabaseError`.
    """
    global _reason
    reason = services.stop_reason()
    if reason and not _reason:
        logger.warning("This server does not serve. %s", reason)
    _reason = reason
    return reason


def is_fenced() -> bool:
    return bool(_reason)
