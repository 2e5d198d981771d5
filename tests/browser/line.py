"""A network line between a browser and the site that a test can slow down and cut."""

import contextlib
import socket
import struct
import threading
import time

UPLOAD = b"POST /rendu/"
BLOCK = 64 * 1024


class Line:
    """Listens on `port` and passes bytes on to `target`, both on the loopback.

    `bytes_per_second` slows hand-ins down, `cut_after` resets their connection after so many bytes,
    `lose_answers` lets the site receive them whole and resets the connection before its answer.
    """

    def __init__(self, port: int, target: int) -> None:
        self.url = f"http://localhost:{port}"
        self.bytes_per_second: int | None = None
        self.cut_after: int | None = None
        self.lose_answers = False
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _address = self._listener.accept()
                threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        site = socket.create_connection(("127.0.0.1", self._target))
        uploading = threading.Event()

        def down() -> None:
            with contextlib.suppress(OSError):
                while data := site.recv(BLOCK):
                    if uploading.is_set() and self.lose_answers:
                        break
                    browser.sendall(data)
            _reset(browser, site)

        threading.Thread(target=down, daemon=True).start()
        sent = 0
        with contextlib.suppress(OSError):
            while data := browser.recv(BLOCK):
                if data.startswith(UPLOAD):
                    uploading.set()
                    sent = 0
                sent += len(data)
                if uploading.is_set() and self.cut_after and sent > self.cut_after:
                    break
                if uploading.is_set() and self.bytes_per_second:
                    time.sleep(len(data) / self.bytes_per_second)
                site.sendall(data)
        _reset(browser, site)


def _reset(*ends: socket.socket) -> None:
    """Close at once, telling the other side that the connection broke."""
    for end in ends:
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RDWR)
        end.close()
