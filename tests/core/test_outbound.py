"""The limits of a response of another server."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpcore
import pytest

from hackathon.core import outbound

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def pieces_of_a_head() -> Iterator[bytes]:
    yield HEAD
    while True:
        time.sleep(0.02)
        yield b"X-A: b\r\n"


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


@pytest.mark.parametrize(
    ("pieces", "error"),
    [(pieces_of_a_head, httpcore.ReadTimeout), (endless, httpcore.ReadError)],
)
def test_an_answer_ends(
    serve: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    pieces: Callable[[], Iterator[bytes]],
    error: type[Exception],
) -> None:
    monkeypatch.setattr(outbound, "ANSWER_SECONDS", 1.0 if pieces is pieces_of_a_head else 60.0)
    url = serve(pieces)
    backend = outbound.CheckedBackend(lambda _address: True)
    with httpcore.ConnectionPool(network_backend=backend) as pool, pytest.raises(error):
        pool.request("GET", url, extensions={"timeout": {"read": 5.0}})
