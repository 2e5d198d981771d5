from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

LATEST = 5  # sheets that the pace is taken from


def pace(finished: Sequence[datetime], *, since: datetime, at: datetime) -> timedelta | None:
    """Time for one sheet. Measured until `at`, so that it grows while the juror does nothing."""
    before = sorted(instant for instant in finished if instant <= at)
    if not before:
        return None
    latest = before[-LATEST:]
    start = before[-LATEST - 1] if len(before) > LATEST else min(since, latest[0])
    return (at - start) / len(latest)


def time_left(
    left: int, each: timedelta | None, *, pause: timedelta = timedelta(0)
) -> timedelta | None:
    """`pause`: what remains of it."""
    if left <= 0:
        return timedelta(0)
    return None if each is None else left * each + max(pause, timedelta(0))


def jury_time_left(times: Iterable[timedelta | None]) -> timedelta | None:
    jurors_times = list(times)
    if any(time is None for time in jurors_times):
        return None
    return max((time for time in jurors_times if time is not None), default=timedelta(0))
