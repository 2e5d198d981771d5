"""The clock of a whole process, for servers that a test starts."""

import time
from datetime import UTC, datetime, timedelta

import time_machine

MOST_SECONDS = 0.1


def shift(by: timedelta) -> None:
    """The error of the offset is at most `MOST_SECONDS`: the time between the computation of the
    new time and the first reading of the clock, from which it runs on. On a busy machine this may
    be seconds; then both are repeated.
    """
    while True:
        began = time.perf_counter()
        shifted = time_machine.travel(datetime.now(UTC) + by, tick=True)
        shifted.start()
        time.time()
        if time.perf_counter() - began < MOST_SECONDS:
            return
        shifted.stop()
