"""The clock of a whole process, for servers that a test starts."""

import time
from datetime import UTC, datetime, timedelta

import time_machine

MOST_SECONDS = 0.1


def shift(by: timedelta) -> None:
    """The clock is as wrong as asked, within `MOST_SECONDS`: what a busy machine does between the
    computation of the time and the start would be missing.
    """
    while True:
        began = time.perf_counter()
        shifted = time_machine.travel(datetime.now(UTC) + by, tick=True)
        shifted.start()
        if time.perf_counter() - began < MOST_SECONDS:
            return
        shifted.stop()
