"""A TCP proxy between a browser and the site: silent, away, or with incomplete files."""

import contextlib
import re
import socket
import threading
from urllib.parse import urlsplit

from tests import services

BLOCK = 64 * 1024
FILE = re.compile(rb"^GET \S+/contenu/")
RANGE = re.compile(rb"^range: bytes=(\d+)-", re.I | re.M)


class FileLimit:
    """Of one connection: `left` is how many bytes of the current response still pass, None: all."""

    left: int | None = None

    def begin(self, request: bytes, stop: int) -> None:
        found = RANGE.search(request)
        start = int(found[1]) if found else 0
        self.left = stop - start if FILE.match(request) and start < stop else None

    def cut(self, data: bytes) -> bytes:
        if self.left is None:
            return data
        data = data[: self.left]
        self.left -= len(data)
        return data


class SlowNetwork:
    """Listens on a free port and forwards bytes to the site with the URL `target`, on the loopback.

    While `is_silent` bytes are dropped and connections stay open; while `is_away` new connections
    are closed at once. A response with a file that starts before the byte `files_stop_at` is cut
    there; the connection stays open.
    """

    def __init__(self, target: str) -> None:
        port = services.free_port()
        self.url = f"http://localhost:{port}"
        self.is_silent = False
        self.is_away = False
        self.files_stop_at = 0
        self._target = urlsplit(target).port
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Close the listener and all connections."""
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Close all connections; new ones are accepted."""
        for end in tuple(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _address = self._listener.accept()
                if self.is_away:
                    browser.close()
                    continue
                threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        site = socket.create_connection(("127.0.0.1", self._target))
        for end in (browser, site):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(end)
        limit = FileLimit()
        back = threading.Thread(target=self._pass, args=(site, browser, "down", limit), daemon=True)
        back.start()
        self._pass(browser, site, "up", limit)
        back.join()
        for end in (browser, site):
            self._open.discard(end)
            end.close()

    def _pass(self, source: socket.socket, sink: socket.socket, way: str, limit: FileLimit) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(BLOCK):
                if self.is_silent:
                    continue
                if way == "up":
                    limit.begin(data, self.files_stop_at)
                elif not (data := limit.cut(data)):
                    continue
                sink.sendall(data)
        for end in (source, sink):  # where one way has ended the other does
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
