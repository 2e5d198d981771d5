"""How long a jury still needs at its present pace. Pure functions."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

LATEST = 5  # sheets that the pace is taken from


def pace(finished: Sequence[datetime], *, since: datetime, at: datetime) -> timedelta | None:
    """The time that a juror takes for one sheet, or None if they have finished none.

    Measured from the end of the sheet before the latest five until `at`, so it grows while a juror
    does nothing. With fewer sheets it is measured from `since`, when the jury began.
    """
    before = sorted(instant for instant in finished if instant <= at)
    if not before:
        return None
    latest = before[-LATEST:]
    start = before[-LATEST - 1] if len(before) > LATEST else min(since, latest[0])
    return (at - start) / len(latest)


def time_left(left: int, each: timedelta | None) -> timedelta | None:
    if left <= 0:
        return timedelta(0)
    return None if each is None else left * each


def jury_time_left(times: Iterable[timedelta | None]) -> timedelta | None:
    found = list(times)
    if any(time is None for time in found):
        return None
    return max((time for time in found if time is not None), default=timedelta(0))
