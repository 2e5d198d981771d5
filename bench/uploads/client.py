"""A client with little CPU: one thread and one connection per upload, and `sendfile`."""

import base64
import os
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TUS = {"Tus-Resumable": "1.0.0"}


class Connection:
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: tuple[int, int, int] | None = None,
    ) -> tuple[int, dict[str, str]]:
        """`body`: file descriptor, offset and length."""
        length = body[2] if body else 0
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        if body:
            descriptor, offset, left = body
            while left:
                sent = os.sendfile(self._socket.fileno(), descriptor, offset, left)
                offset, left = offset + sent, left - sent
        return self._response()

    def _response(self) -> tuple[int, dict[str, str]]:
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := self._socket.recv(65536)):
                raise ConnectionError("The server closed the connection.")
            data += more
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        left = int(headers.get("content-length", "0")) - len(rest)
        while left > 0:
            left -= len(self._socket.recv(65536))
        return int(first.split()[1]), headers

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True)
class Job:
    port: int
    chunk: int  # bytes per request; 0: a single PUT
    token: str = ""
    deliverable: int = 0
    has_digest: bool = False  # in the last answer

    def send(self, source: Path, name: str) -> None:
        """Raises if the upload fails."""
        connection = Connection(self.port)
        descriptor = os.open(source, os.O_RDONLY)
        size = source.stat().st_size
        try:
            if self.chunk:
                self._by_tus(connection, descriptor, size)
            else:
                status, _ = connection.request("PUT", f"/{name}", {}, (descriptor, 0, size))
                assert status in (201, 204), status
        finally:
            os.close(descriptor)
            connection.close()

    def _by_tus(self, connection: Connection, descriptor: int, size: int) -> None:
        headers = dict(TUS)
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        pairs = {"deliverable": str(self.deliverable), "filename": "banc.zip"}
        metadata = ",".join(
            f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items()
        )
        creation = {**headers, "Upload-Length": str(size), "Upload-Metadata": metadata}
        status, response_headers = connection.request("POST", "/uploads/", creation)
        assert status == 201, (status, response_headers)
        location = response_headers["location"]
        path = location[location.index("/uploads/") :]
        headers["Content-Type"] = "application/offset+octet-stream"
        for offset in range(0, size, self.chunk):
            headers["Upload-Offset"] = str(offset)
            length = min(self.chunk, size - offset)
            status, response_headers = connection.request(
                "PATCH", path, headers, (descriptor, offset, length)
            )
            assert status == 204, (status, response_headers)
        if self.token:
            assert "receipt-code" in response_headers, response_headers
        if self.has_digest:
            assert len(response_headers["upload-digest"]) == 64, response_headers


def send_all(jobs: list[Job], source: Path) -> float:
    """All jobs at once. Returns the seconds until the last response."""
    errors: list[Exception] = []

    def run(index: int, job: Job) -> None:
        try:
            job.send(source, f"banc-{index}")
        except Exception as error:  # noqa: BLE001 - raised below, in the main thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if errors:
        raise errors[0]
    return seconds
