"""What the proxy makes of clients that lie about themselves, or are slow on purpose."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.operations import nginx
from tests.operations.test_proxy import with_down_pages


@contextlib.contextmanager
def pages(port: int) -> Iterator[list[dict[str, str]]]:
    """A site that notes the headers of what reaches it."""
    received: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            received.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield received
    server.shutdown()
    server.server_close()


@pytest.fixture
def ports() -> dict[str, int]:
    return nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")


def test_a_client_does_not_say_its_own_address(tmp_path, ports):
    text = nginx.on_other_ports(with_down_pages(tmp_path), **ports)
    lies = {"X-Real-IP": "192.0.2.9", "X-Forwarded-Proto": "http", "X-Request-ID": "mine"}
    with (
        pages(ports["p8000"]) as first,
        pages(ports["p8010"]) as second,
        nginx.running(tmp_path / "nginx", text, ports["p443"]) as url,
        nginx.client() as client,
    ):
        for path in ("/", "/compte/connexion/", "/organisation/"):
            client.post(f"{url}{path}", headers=lies).raise_for_status()
    received = first + second

    assert len(received) == 3
    assert {one["x-real-ip"] for one in received} == {"127.0.0.1"}
    assert {one["x-forwarded-proto"] for one in received} == {"https"}
    assert "mine" not in {one["x-request-id"] for one in received}


def test_slow_clients_keep_no_page_busy_and_are_cut_off(tmp_path, ports):
    """Headers that never end, and bodies that never come. Ours wait 15 s and 30 s."""
    text = nginx.on_other_ports(with_down_pages(tmp_path), **ports)
    assert "client_header_timeout 15s;" in text
    assert "client_body_timeout 30s;" in text
    text = text.replace("client_header_timeout 15s", "client_header_timeout 1s")
    text = text.replace("client_body_timeout 30s", "client_body_timeout 1s")
    headers = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    body = (
        b"POST /compte/connexion/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\nlogin="
    )
    with (
        pages(ports["p8000"]) as received,
        nginx.running(tmp_path / "nginx", text, ports["p443"]) as url,
        nginx.client() as client,
        contextlib.ExitStack() as opened,
    ):
        slow = [opened.enter_context(connected(ports["p443"])) for _ in range(40)]
        for number, connection in enumerate(slow):
            connection.sendall(headers if number % 2 else body)
        answer = client.get(f"{url}/")
        seen_meanwhile = len(received)
        ends = [end_of(connection) for connection in slow]

    assert answer.status_code == 204
    assert seen_meanwhile == 1  # nothing of the slow ones
    assert len(received) == 1
    assert all(b"408" in end or end == b"" for end in ends)


def connected(port: int) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    return context.wrap_socket(plain, server_hostname="localhost")


def end_of(connection: ssl.SSLSocket) -> bytes:
    """What the proxy sends before it closes."""
    with contextlib.suppress(ssl.SSLError, ConnectionResetError):
        return connection.recv(1000)
    return b""
