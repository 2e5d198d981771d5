"""The limits of a response of another server."""

import socket
import threading
from collections.abc import Callable, Iterator

import httpcore
import pytest

from hackathon.base.core import outbound

pytestmark = pytest.mark.system

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def endless() -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        yield b"x" * 100_000


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[], Iterator[bytes]]], str]]:
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def answer(pieces: Callable[[], Iterator[bytes]]) -> None:
        connection, _address = listening.accept()
        with connection:
            connection.recv(1000)
            for piece in pieces():
                try:
                    connection.sendall(piece)
                except OSError:
                    return

    def begin(pieces: Callable[[], Iterator[bytes]]) -> str:
        threads.append(threading.Thread(target=answer, args=[pieces], daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"

    yield begin
    listening.close()
    for thread in threads:
        thread.join(10)


def test_an_answer_without_end_ends(serve):
    url = serve(endless)
    backend = outbound.CheckedBackend(lambda _address: True)
    with (
        httpcore.ConnectionPool(network_backend=backend) as pool,
        pytest.raises(httpcore.ReadError),
    ):
        pool.request("GET", url, extensions={"timeout": {"read": 60.0}})


class SlowStream(httpcore.NetworkStream):
    """One header in each second of its own clock."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timeouts: list[float | None] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.now += 1
        self.timeouts.append(timeout)
        return b"X-A: b\r\n"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        pass


def test_an_answer_that_comes_slowly_ends(monkeypatch):
    slow = SlowStream()
    monkeypatch.setattr(outbound.time, "monotonic", lambda: slow.now)
    stream = outbound.BoundedStream(slow, seconds=5.0)

    slow.now += 60  # until the request was sent
    stream.write(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(httpcore.ReadTimeout):
        while True:
            stream.read(1000, 3.0)

    assert slow.timeouts == [3.0, 3.0, 3.0, 2.0, 1.0]
