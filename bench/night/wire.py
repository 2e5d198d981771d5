"""HTTP/1.1 and WebSocket for asyncio with little CPU, which the client shares with the site.

Each request has a connection of its own, as behind nginx without `keepalive` upstreams.
"""

import asyncio
import base64
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

HOST = "127.0.0.1"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10  # opcodes of frames
NO_CODE = 1006


@dataclass(frozen=True)
class Answer:
    """Instants are on `time.monotonic()`. `status` 0: no complete answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent_at: float
    received_at: float

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def seconds(self) -> float:
        return self.received_at - self.sent_at


class _Exchange(asyncio.Protocol):
    def __init__(self, request: bytes) -> None:
        self.request = request
        self.parts: list[bytes] = []
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self.request)

    def data_received(self, data: bytes) -> None:
        self.parts.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(b"".join(self.parts))


async def request(
    port: int,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    *,
    within: float = 120,
) -> Answer:
    """Never raises for a server that is away or slow: the answer has the status 0."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", "Connection: close"]
    if body or method not in ("GET", "HEAD"):
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    began = time.monotonic()
    transport = None
    try:
        loop = asyncio.get_running_loop()
        raw = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        transport, protocol = await loop.create_connection(lambda: _Exchange(raw), HOST, port)
        data = await asyncio.wait_for(protocol.done, within)
    except (OSError, TimeoutError):
        return Answer(0, {}, b"", began, time.monotonic())
    finally:
        if transport is not None:
            transport.close()
    return _parsed(data, began)


def _parsed(data: bytes, began: float) -> Answer:
    now = time.monotonic()
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return Answer(0, {}, b"", began, now)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    if "chunked" in headers.get("transfer-encoding", ""):
        body = _unchunked(body)
    elif len(body) < int(headers.get("content-length", 0)):
        return Answer(0, headers, body, began, now)
    return Answer(int(first.split()[1]), headers, body, began, now)


def _unchunked(data: bytes) -> bytes:
    parts = []
    while data:
        line, _, data = data.partition(b"\r\n")
        length = int(line.split(b";")[0], 16)
        if not length:
            break
        parts.append(data[:length])
        data = data[length + 2 :]
    return b"".join(parts)


@lru_cache(maxsize=256)
def message_of(payload: bytes) -> dict[str, Any]:
    """Shared by all pages that received the same bytes: not to be changed."""
    return dict(json.loads(payload))


class Socket(asyncio.Protocol):
    """A WebSocket of a client. Pings of the protocol are answered here."""

    def __init__(
        self,
        path: str,
        headers: Mapping[str, str],
        *,
        on_open: Callable[[], None],
        on_message: Callable[[bytes], None],
        on_close: Callable[[int], None],
    ) -> None:
        self._path, self._headers = path, headers
        self._on_open, self._on_message, self._on_close = on_open, on_message, on_close
        self._rest = b""
        self._code = NO_CODE
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    async def connect(self, port: int) -> None:
        """Raises OSError."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, HOST, port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        host, port = transport.get_extra_info("peername")[:2]
        del host
        lines = [
            f"GET {self._path} HTTP/1.1",
            f"Host: localhost:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in self._headers.items()),
        ]
        self._transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        self._rest = b""
        if not self._is_open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self.close()
                return
            self._is_open = True
            self._on_open()
        self._frames(data)

    def _frames(self, data: bytes) -> None:
        at, end = 0, len(data)
        while end - at >= 2:
            start, length = at + 2, data[at + 1] & 127
            if length >= 126:
                size = 2 if length == 126 else 8
                if end - start < size:
                    break
                length = int.from_bytes(data[start : start + size])
                start += size
            if end - start < length:
                break
            self._frame(data[at] & 15, data[start : start + length])
            at = start + length
        self._rest = data[at:]

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self._on_message(payload)
        elif opcode == PING:
            self._write(PONG, payload)
        elif opcode == CLOSE:
            if len(payload) >= 2:
                self._code = int.from_bytes(payload[:2])
            self._write(CLOSE, payload[:2])
            self.close()

    def send(self, message: Mapping[str, Any]) -> None:
        if self._is_open:
            self._write(TEXT, json.dumps(message, separators=(",", ":")).encode())

    def _write(self, opcode: int, payload: bytes) -> None:
        assert self._transport is not None
        length = len(payload)
        head = bytes([128 | opcode])
        if length < 126:
            head += bytes([128 | length])
        elif length < 65536:
            head += bytes([128 | 126]) + length.to_bytes(2)
        else:
            head += bytes([128 | 127]) + length.to_bytes(8)
        # A mask of zeros is allowed and leaves the payload unchanged.
        self._transport.write(head + bytes(4) + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_open = False
        self._on_close(self._code)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
