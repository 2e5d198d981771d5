"""A small SMTP server that keeps what it gets."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Sink(socketserver.ThreadingTCPServer):
    """While `silent`, it takes a mail and does not say so: the sender waits for its answer."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mails: list[str] = []
        self.silent = False
        self.begun = threading.Event()  # a sender waits

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Handler(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].upper() if line.strip() else b""
            if verb in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET"):
                self._say("250 ok")
            elif verb == b"DATA":
                self._data()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 no")

    def _data(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        if self.server.silent:
            self.server.begun.set()
            self.rfile.readline()  # until the sender is gone
            return
        self.server.mails.append("".join(lines))
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def sink() -> Iterator[Sink]:
    with Sink() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(60)
