"""How long a jury still takes, if it goes on as it goes. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

LATEST = 5  # sheets that say how fast somebody is now


def pace(finished: Sequence[datetime], *, since: datetime, at: datetime) -> timedelta | None:
    """Time for one sheet: from before their latest five to now, so that who has stopped slows down.

    `since`: when the jury began, which is where the first sheets count from. None without a sheet.
    """
    before = sorted(instant for instant in finished if instant <= at)
    if not before:
        return None
    latest = before[-LATEST:]
    start = before[-LATEST - 1] if len(before) > LATEST else min(since, latest[0])
    return (at - start) / len(latest)


def time_left(left: int, each: timedelta | None) -> timedelta | None:
    """Until these are finished; None if nobody can tell."""
    if left <= 0:
        return timedelta(0)
    return None if each is None else left * each


def jury_time_left(times: Iterable[timedelta | None]) -> timedelta | None:
    """A jury is ready with its last juror. None while some of them give no clue."""
    found = list(times)
    if any(time is None for time in found):
        return None
    return max((time for time in found if time is not None), default=timedelta(0))
