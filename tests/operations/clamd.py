"""Stands for ClamAV, whose answer an inspection waits for."""

import contextlib
import hashlib
import socketserver
import struct
import threading
from collections.abc import Iterator


class Clamd(socketserver.ThreadingTCPServer):
    """Finds no virus. While `silent`, it does not answer."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.silent = False
        self.scanned: list[str] = []  # SHA-256 of each file, as often as it came
        self._held: list[str] = []  # without an answer
        self._lock = threading.Lock()
        self._holds = threading.Event()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def came(self, sha256: str) -> bool:
        """Whether it is to be answered."""
        with self._lock:
            self.scanned.append(sha256)
            if self.silent:
                self._held.append(sha256)
                self._holds.set()
            return not self.silent

    def let_go(self) -> list[str]:
        """Waits until an inspection waits. Files that come from now on are answered."""
        assert self._holds.wait(120), "nothing was inspected"
        with self._lock:
            self.silent = False
            return self._held


class _Handler(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        self.rfile.read(len(b"zINSTREAM\0"))
        digest = hashlib.sha256()
        with contextlib.suppress(OSError, struct.error):  # the inspecting process was killed
            while size := struct.unpack("!I", self.rfile.read(4))[0]:
                digest.update(self.rfile.read(size))
            if self.server.came(digest.hexdigest()):
                self.wfile.write(b"stream: OK\0")
            else:
                self.rfile.read(1)  # until that process is gone


@contextlib.contextmanager
def clamd() -> Iterator[Clamd]:
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(60)
