import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SHORT_REQUESTS = 3  # threads of one process that share its interpreter lock
LONG_SECONDS = 0.2  # a request that lasts longer waits rather than computes: an upload, a lock


class Worker(ThreadWorker):
    """Accepts a connection while fewer than `SHORT_REQUESTS` requests are running that began less
    than `LONG_SECONDS` ago. Others wait in the queue of the kernel, where any free process takes
    them, in their order. A process that accepted them all would answer all of them late, while
    other processes have nothing to do.

    Stops listening when it receives SIGTERM, not after its last request: connections that
    come between the two would be taken by the kernel and then reset. nginx cannot send a POST
    again that it has sent; one whose connection is refused goes to the other process.

    All methods are called on the main thread.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begun: dict[Any, float] = {}  # of each running request, in order

    def enqueue_req(self, conn: Any) -> None:
        self._begun[conn] = time.monotonic()
        super().enqueue_req(conn)
        if self.alive and self._seconds_busy():
            super().set_accept_enabled(False)

    def finish_request(self, conn: Any, fs: Any) -> None:
        self._begun.pop(conn, None)
        super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, self._seconds_busy() or timeout))

    def _seconds_busy(self) -> float:
        """Until it accepts again if no request ends before; 0: it accepts."""
        now = time.monotonic()
        short = [begun for begun in self._begun.values() if now - begun < LONG_SECONDS]
        return short[-SHORT_REQUESTS] + LONG_SECONDS - now if len(short) >= SHORT_REQUESTS else 0.0

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled and not self._seconds_busy())
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)
                listener.close()

    def _accept_waiting(self, listener: Any) -> None:
        accepted = -1
        while self.nr_conns > accepted:
            accepted = self.nr_conns
            self.accept(listener)
