"""Two clients of our own for tus: one over httpx, one over a bare socket that can break off."""

import base64
import contextlib
import http.client
import socket
import struct
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from submissions.models import Deliverable

VERSION = "1.0.0"
BODY = "application/offset+octet-stream"


def metadata(**values: str | bytes) -> str:
    """`Upload-Metadata` of these values."""
    encoded = {k: v.encode() if isinstance(v, str) else v for k, v in values.items()}
    return ",".join(f"{k} {base64.b64encode(v).decode()}".rstrip() for k, v in encoded.items())


def content(size: int, seed: int = 0) -> bytes:
    """A file that looks like a PDF; another one for another seed."""
    head = b"%PDF-1.7\n" + str(seed).encode()
    block = bytes((seed * 7 + n * n) % 251 for n in range(997))
    return (head + block * (size // len(block) + 1))[:size]


class Tus:
    """One person's program. Every answer it gets must say `Tus-Resumable`."""

    def __init__(self, url: str, token: str = "", **headers: str) -> None:
        self.token = token
        given = {"Tus-Resumable": VERSION, **headers}
        if token:
            given["Authorization"] = f"Token {token}"
        self.http = httpx.Client(
            base_url=url,
            headers=given,
            trust_env=False,
            timeout=30,
            event_hooks={"response": [_resumable]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.http.close()

    def post(self, body: bytes = b"", **headers: str) -> httpx.Response:
        """POST with these headers (`upload_length="5"`)."""
        return self.http.post("/uploads/", content=body, headers=_names(headers))

    def begin(
        self,
        deliverable: Deliverable,
        length: int,
        body: bytes | None = None,
        *,
        filename: str = "dossier.pdf",
        **headers: str,
    ) -> httpx.Response:
        """POST as a client does, with the first bytes where `body` is given."""
        given = {
            "upload_length": str(length),
            "upload_metadata": metadata(deliverable=str(deliverable.pk), filename=filename),
        }
        if body is not None:
            given["content_type"] = BODY
        return self.post(body or b"", **{**given, **headers})

    def begun(self, deliverable: Deliverable, length: int, **more: Any) -> str:
        """The same; the new address."""
        answer = self.begin(deliverable, length, **more)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def head(self, url: str, **headers: str) -> httpx.Response:
        """How far it is."""
        return self.http.head(url, headers=_names(headers))

    def offset(self, url: str) -> int:
        """The same, as a number."""
        answer = self.head(url)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])

    def patch(self, url: str, offset: int | str, body: Any, **headers: str) -> httpx.Response:
        """The bytes that follow."""
        given = {"upload_offset": str(offset), "content_type": BODY, **headers}
        return self.http.patch(url, content=body, headers=_names(given))

    def delete(self, url: str, **headers: str) -> httpx.Response:
        """Give it up."""
        return self.http.delete(url, headers=_names(headers))

    @contextlib.contextmanager
    def wire(self, method: str, url: str, **headers: str) -> Iterator["Wire"]:
        """The beginning of a request over a socket of its own."""
        address = urlsplit(str(self.http.base_url))
        given = {**dict(self.http.headers), **_names(headers)}
        given.pop("connection", None)
        wire = Wire(address.hostname or "", address.port or 80)
        try:
            wire.begin(method, url, given)
            yield wire
        finally:
            wire.socket.close()


class Wire:
    """One connection, byte by byte."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=30)
        self._host = f"{host}:{port}"

    def begin(self, method: str, path: str, headers: dict[str, str]) -> None:
        """Request line and headers."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{k}: {v}" for k, v in headers.items() if k.lower() != "host"]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")

    def send(self, data: bytes) -> None:
        """All of it."""
        self.socket.sendall(data)

    def vanish(self) -> None:
        """Break off as a machine that falls asleep does: with a reset, at once."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hang_up(self) -> None:
        """Close in good order: what was sent still arrives."""
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self, method: str = "PATCH") -> http.client.HTTPResponse:
        """The answer, read."""
        answer = http.client.HTTPResponse(self.socket, method=method)
        answer.begin()
        answer.body = answer.read()  # type: ignore[attr-defined]
        return answer


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _resumable(answer: httpx.Response) -> None:
    assert answer.headers["Tus-Resumable"] == VERSION, answer
