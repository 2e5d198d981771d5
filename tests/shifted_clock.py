"""The clock of a whole process, for servers that a test starts."""

import time
from datetime import UTC, datetime, timedelta

import time_machine


def shift(by: timedelta) -> None:
    """It runs on from the instant at which the new time was computed. By itself it would begin when
    it is read for the first time, which may be seconds later on a busy machine.
    """
    began = time.time_ns()
    new = datetime.fromtimestamp(began / 1e9, UTC) + by
    traveller = time_machine.travel(new, tick=True).start()
    traveller._requested = True
    traveller._real_start_timestamp_ns = began
