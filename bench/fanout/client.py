"""Many WebSocket connections in one process with little CPU: epoll and a minimal protocol.

    python -m bench.fanout.client KIND PORT COUNT AFTER < cookies, then commands

KIND is a server of `bench.fanout.servers`. Connections resume after the message AFTER; -1: after
the newest one. Prints `{"open": seconds}` when all have resumed, then obeys `report` and `close`.
"""

import array
import contextlib
import errno
import json
import os
import select
import socket
import sys
import time
from dataclasses import dataclass, field

PATHS = {
    "ours": "/ws/live/",
    "socket.io": "/socket.io/?EIO=4&transport=websocket",
}
STAMP = b'"t":"'
DIGITS = 19  # nanoseconds since 1970
TEXT, PING, PONG = 1, 9, 10  # opcodes of frames
# Of these servers a connection is ready after the handshake; the others send a message first.
READY_AT_ONCE = ("ws", "floor")
# Packets of Engine.IO and, after a 4, of Socket.IO.
OPEN, CONNECT, IO_PING, IO_PONG = b"0", b"40", b"2", b"3"


@dataclass
class Sockets:
    kind: str
    port: int
    after: int
    cookies: list[str]
    epoll: select.epoll = field(default_factory=select.epoll)
    open: dict[int, socket.socket] = field(default_factory=dict)
    cookie_of: dict[int, str] = field(default_factory=dict)
    rest: dict[int, bytes] = field(default_factory=dict)  # the start of a frame
    handshaking: set[int] = field(default_factory=set)
    received: dict[int, int] = field(default_factory=dict)
    ready: int = 0
    lost: int = 0
    latencies: array.array = field(default_factory=lambda: array.array("q"))

    def connect(self, count: int) -> None:
        for number in range(count):
            connection = socket.socket()
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = connection.connect_ex(("127.0.0.1", self.port))
            assert code in (0, errno.EINPROGRESS), os.strerror(code)
            fd = connection.fileno()
            self.open[fd], self.received[fd] = connection, 0
            self.handshaking.add(fd)
            self.epoll.register(fd, select.EPOLLOUT)
            if self.cookies:
                self.cookie_of[fd] = self.cookies[number % len(self.cookies)]

    def poll(self, seconds: float) -> bool:
        """Returns whether standard input is readable."""
        has_command = False
        for fd, event in self.epoll.poll(seconds):
            if fd == 0:
                has_command = True
            elif event & select.EPOLLOUT:
                self._handshake(fd)
            else:
                self._read(fd)
        return has_command

    def _handshake(self, fd: int) -> None:
        lines = [
            f"GET {PATHS.get(self.kind, '/')} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket",
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
        ]
        if cookie := self.cookie_of.get(fd):
            lines.append(f"Cookie: sessionid={cookie}")
        self.open[fd].send(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.epoll.modify(fd, select.EPOLLIN)

    def _read(self, fd: int) -> None:
        try:
            data = os.read(fd, 262144)
        except (ConnectionResetError, BlockingIOError):
            data = b""
        now = time.time_ns()
        if not data:
            self._drop(fd)
            return
        if fd in self.rest:
            data = self.rest.pop(fd) + data
        if fd in self.handshaking:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.rest[fd] = head
                return
            assert b" 101 " in head, head
            self.handshaking.discard(fd)
            if self.kind in READY_AT_ONCE:
                self.ready += 1
        self._frames(fd, data, now)

    def _frames(self, fd: int, data: bytes, now: int) -> None:
        """RFC 6455, 5.2. Frames of a server have no mask; none here has 64 KiB or more."""
        at, end = 0, len(data)
        while at < end:
            if at + 4 > end and (at + 2 > end or data[at + 1] == 126):
                break  # the length has not arrived
            start, length = at + 2, data[at + 1]
            if length == 126:
                start, length = at + 4, int.from_bytes(data[at + 2 : at + 4])
            if start + length > end:
                break
            self._frame(fd, data[at] & 15, data[start : start + length], now)
            at = start + length
        if at < end:
            self.rest[fd] = data[at:]

    def _frame(self, fd: int, opcode: int, payload: bytes, now: int) -> None:
        if opcode == PING:
            self._send(fd, payload, opcode=PONG)
        elif opcode == TEXT and (found := payload.find(STAMP)) > 0:
            stamp = payload[found + len(STAMP) :][:DIGITS]
            self.latencies.append(now - int(stamp))
            self.received[fd] += 1
        elif opcode == TEXT:
            self._greet(fd, payload)

    def _greet(self, fd: int, payload: bytes) -> None:
        if payload.startswith(b'{"type":"live.ready"'):
            after = json.loads(payload)["id"] if self.after < 0 else self.after
            self._send(fd, b'{"type":"resume","after":%d}' % after)
        elif payload.startswith((b'{"type":"live.resumed"', CONNECT)):
            self.ready += 1
        elif payload.startswith(OPEN):
            self._send(fd, CONNECT)
        elif payload == IO_PING:
            self._send(fd, IO_PONG)

    def _send(self, fd: int, payload: bytes, opcode: int = TEXT) -> None:
        # A mask of zeros is allowed and leaves the payload unchanged.
        self.open[fd].send(bytes([128 | opcode, 128 | len(payload)]) + bytes(4) + payload)

    def _drop(self, fd: int) -> None:
        self.lost += 1
        self.epoll.unregister(fd)
        self.open.pop(fd).close()

    def report(self) -> dict[str, object]:
        report = {
            "latencies": sorted(self.latencies),
            "received": sorted(self.received.values()),
            "lost_connections": self.lost,
        }
        self.latencies = array.array("q")
        self.received = dict.fromkeys(self.received, 0)
        return report


def main(kind: str, port: str, count: str, after: str) -> None:
    cookies = json.loads(sys.stdin.readline())
    began = time.perf_counter()
    sockets = Sockets(kind, int(port), int(after), cookies)
    sockets.connect(int(count))
    while sockets.ready < int(count):
        sockets.poll(1.0)
        assert time.perf_counter() - began < 120, (
            f"{sockets.ready} of {count} ready, {sockets.lost} lost"
        )
    send_line({"open": time.perf_counter() - began})
    sockets.epoll.register(0, select.EPOLLIN)
    while True:
        if sockets.poll(5.0):
            match sys.stdin.readline().strip():
                case "report":
                    send_line(sockets.report())
                case "close" | "":
                    break
    with contextlib.suppress(OSError):
        for connection in sockets.open.values():
            connection.close()


def send_line(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
