"""A TCP proxy between a browser and the site that stops uploads or loses their response."""

import contextlib
import socket
import struct
import threading

UPLOADS = (b"PATCH /uploads/", b"POST /rendu/")
BLOCK = 64 * 1024
SMALL_REQUEST = 4 * 1024  # shorter requests carry no file and are never stopped


class UploadProxy:
    """Listens on `port` and passes bytes on to `target`, both on the loopback.

    `hold_after`: uploads stop once so many of their bytes have passed, until `release()`; the event
    `holds` is then set. `lose_answer`: the site receives the next upload whole, and the connection
    is reset before the response.
    """

    def __init__(self, port: int, target: int) -> None:
        self.url = f"http://localhost:{port}"
        self.hold_after: int | None = None
        self.lose_answer = False
        self.passed = 0  # bytes of uploads received from the browser
        self.holds = threading.Event()
        self._released = threading.Event()
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.release()
        self._listener.close()

    def release(self) -> None:
        """Forward what is held and all that follows."""
        self.hold_after = None
        self._released.set()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _address = self._listener.accept()
                threading.Thread(target=self._forward, args=(browser,), daemon=True).start()

    def _forward(self, browser: socket.socket) -> None:
        try:
            site = socket.create_connection(("127.0.0.1", self._target))
        except ConnectionRefusedError:  # the site has stopped and the page reconnects
            _reset(browser)
            return
        uploading = threading.Event()

        def forward_response() -> None:
            with contextlib.suppress(OSError):
                while data := site.recv(BLOCK):
                    if uploading.is_set() and self.lose_answer:
                        self.lose_answer = False
                        break
                    browser.sendall(data)
            _reset(browser, site)

        threading.Thread(target=forward_response, daemon=True).start()
        with contextlib.suppress(OSError):
            while data := browser.recv(BLOCK):
                if data.startswith(UPLOADS):
                    uploading.set()
                if uploading.is_set() and len(data) > SMALL_REQUEST:
                    self._count_and_hold(len(data))
                site.sendall(data)
        _reset(browser, site)

    def _count_and_hold(self, size: int) -> None:
        self.passed += size
        if self.hold_after is not None and self.passed > self.hold_after:
            self.holds.set()
            self._released.wait()


def _reset(*ends: socket.socket) -> None:
    """Close with a TCP reset."""
    for end in ends:
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RDWR)
        end.close()
