from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Stops listening when it receives SIGTERM, not after its last request: connections that come
    between the two would be taken by the kernel and then reset. nginx cannot send a POST again that
    it has sent; one whose connection is refused goes to the other process.

    Called on the main thread.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)
                listener.close()

    def _accept_waiting(self, listener: Any) -> None:
        """Those that the kernel has accepted already."""
        accepted = -1
        while self.nr_conns > accepted:
            accepted = self.nr_conns
            self.accept(listener)
