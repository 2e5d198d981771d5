import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

SIZE = 10_000


class QueueThread[Item]:
    """Handles items in order in its own thread, so that a request never waits for Redis."""

    def __init__(self, name: str, handle: Callable[[Item], None], *, exit_seconds: float) -> None:
        self._name = name
        self._handle = handle
        self._exit_seconds = exit_seconds
        self._reset()
        os.register_at_fork(after_in_child=self._reset)  # threads don't survive a fork

    def _reset(self) -> None:
        self._items: queue.Queue[Item] = queue.Queue(SIZE)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        return self._items.unfinished_tasks

    def put(self, item: Item) -> None:
        """Returns at once, never raises; drops the item if the queue is full."""
        try:
            self._items.put_nowait(item)
        except queue.Full:
            logger.error("The queue of %s is full, dropped: %s", self._name, item)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
                atexit.register(self._wait_at_exit)

    def _run(self) -> None:
        while True:
            item = self._items.get()
            try:
                self._handle(item)
            except Exception:
                logger.exception("%s failed: %s", self._name, item)
            self._items.task_done()

    def _wait_at_exit(self) -> None:
        until = time.monotonic() + self._exit_seconds
        while self.waiting and time.monotonic() < until:
            time.sleep(0.02)
        if self.waiting:
            logger.error("%s: %s items were not sent.", self._name, self.waiting)
