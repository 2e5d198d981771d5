import logging
import time
from typing import Any

from celery.beat import PersistentScheduler, SchedulingError
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

REMIND_SECONDS = 60.0

_ticked_at = time.monotonic()


def last_tick() -> float:
    """By the monotonic clock."""
    return _ticked_at


class Scheduler(PersistentScheduler):
    """Without Redis it logs one line a minute, instead of a traceback for each task."""

    _lost_at: float | None = None
    _reminded_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        global _ticked_at
        wait = super().tick(*args, **kwargs)
        _ticked_at = time.monotonic()
        return wait

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        now = time.monotonic()
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except (SchedulingError, OperationalError, OSError) as error:
            self._lost_at = self._lost_at or now
            if now - self._reminded_at >= REMIND_SECONDS:
                self._reminded_at = now
                logger.error(
                    "Redis does not answer, periodic tasks wait since %.0f s: %s",
                    now - self._lost_at,
                    error,
                )
        else:
            if self._lost_at is not None:
                logger.warning("Redis answers again after %.0f s.", now - self._lost_at)
            self._lost_at, self._reminded_at = None, 0.0
