"""Two tus clients: one with httpx, one with a plain socket that can break the connection."""

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
    encoded = {k: v.encode() if isinstance(v, str) else v for k, v in values.items()}
    return ",".join(f"{k} {base64.b64encode(v).decode()}".rstrip() for k, v in encoded.items())


def content(size: int, seed: int = 0) -> bytes:
    head = b"%PDF-1.7\n" + str(seed).encode()
    block = bytes((seed * 7 + n * n) % 251 for n in range(997))
    return (head + block * (size // len(block) + 1))[:size]


# The server closes a connection that was idle for five seconds.
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2)


TLS = httpx.create_ssl_context()  # for all clients: it reads the certificates of this machine


class Tus:
    # Every answer must have `Tus-Resumable`.

    def __init__(self, url: str, token: str = "", **headers: str) -> None:
        self.token = token
        given = {"Tus-Resumable": VERSION, **headers}
        if token:
            given["Authorization"] = f"Token {token}"
        self.http = httpx.Client(
            base_url=url,
            headers=given,
            trust_env=False,
            verify=TLS,
            timeout=60,
            limits=LIMITS,
            event_hooks={"response": [_resumable]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.http.close()

    def post(self, body: bytes = b"", **headers: str) -> httpx.Response:
        return self.http.post("/uploads/", content=body, headers=_latin(headers))

    def begin(
        self,
        deliverable: Deliverable,
        length: int,
        body: bytes | None = None,
        *,
        filename: str = "dossier.pdf",
        **headers: str,
    ) -> httpx.Response:
        given = {
            "upload_length": str(length),
            "upload_metadata": metadata(deliverable=str(deliverable.pk), filename=filename),
        }
        if body is not None:
            given["content_type"] = BODY
        return self.post(body or b"", **{**given, **headers})

    def begun(self, deliverable: Deliverable, length: int, **more: Any) -> str:
        # Returns the URL.
        answer = self.begin(deliverable, length, **more)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def head(self, url: str, **headers: str) -> httpx.Response:
        return self.http.head(url, headers=_names(headers))

    def offset(self, url: str) -> int:
        answer = self.head(url)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])

    def patch(self, url: str, offset: int | str, body: Any, **headers: str) -> httpx.Response:
        given = {"upload_offset": str(offset), "content_type": BODY, **headers}
        return self.http.patch(url, content=body, headers=_latin(given))

    def delete(self, url: str, **headers: str) -> httpx.Response:
        return self.http.delete(url, headers=_names(headers))

    @contextlib.contextmanager
    def wire(self, method: str, url: str, **headers: str) -> Iterator["Wire"]:
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
    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=60)
        self._host = f"{host}:{port}"

    def begin(self, method: str, path: str, headers: dict[str, str]) -> None:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{k}: {v}" for k, v in headers.items() if k.lower() != "host"]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def vanish(self) -> None:
        # With a reset, as a machine that goes to sleep.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hang_up(self) -> None:
        # Without a reset: what was sent still arrives.
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self, method: str = "PATCH") -> http.client.HTTPResponse:
        answer = http.client.HTTPResponse(self.socket, method=method)
        answer.begin()
        answer.body = answer.read()
        return answer


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _latin(headers: dict[str, str]) -> httpx.Headers:
    """HTTP takes more than the ASCII that httpx would send."""
    return httpx.Headers(_names(headers), encoding="latin-1")


def _resumable(answer: httpx.Response) -> None:
    assert answer.headers["Tus-Resumable"] == VERSION, answer
