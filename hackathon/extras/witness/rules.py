from datetime import datetime, timedelta

# Before each further attempt; the last one is repeated. An attempt takes less than the first.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (60, 60, 300, 900, 3600))
LATE_ATTEMPTS = 4  # organizers are told after these


def next_attempt(attempts: int, *, at: datetime) -> datetime:
    """After so many attempts, at least one."""
    return at + PAUSES[min(attempts, len(PAUSES)) - 1]


def message(digest: str) -> bytes:
    """What is stamped: the digest as it is read and typed."""
    return digest.encode("ascii")
