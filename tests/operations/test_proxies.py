"""Examples of docs/fr/proxies: the proxy of a school in front of the site's own nginx."""

import http.server
import json
import os
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import services
from tests.operations import nginx
from tests.waiting import PATIENCE, wait_until

EXAMPLES = nginx.DEPLOY.parent / "docs" / "fr" / "proxies"
APACHE = """
ServerRoot {run}
PidFile {run}/apache.pid
ErrorLog {run}/error.log
ServerName localhost
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
{modules}
Listen {port}
"""
MODULES = ("authz_core", "socache_shmcb", "ssl", "proxy", "proxy_http", "headers")
NGINX = "daemon off; worker_processes 1; pid {run}/pid; {user} events {{}}\nhttp {{ {paths}\n"
PERSON = "127.0.0.9"


class Behind(http.server.BaseHTTPRequestHandler):
    """In place of all processes of the site: says what reaches them."""

    protocol_version = "HTTP/1.1"
    begun: threading.Event

    def do_GET(self) -> None:
        if self.path.startswith("/ws/"):
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            self.end_headers()
            self.wfile.write(self.rfile.read(4))
            self.close_connection = True
        else:
            self._answer(self.path, self.headers["Host"], self.headers["X-Real-IP"])

    def do_PATCH(self) -> None:
        left = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read1(min(left, 1_000)))
            self.begun.set()
        self._answer("received", self.headers["Content-Length"])

    def _answer(self, *said: str) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def behind() -> Iterator[tuple[int, threading.Event]]:
    class Answering(Behind):
        begun = threading.Event()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, Answering.begun
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(tmp_path: Path, behind: tuple[int, threading.Event]) -> Iterator[int]:
    """Its port. All its upstreams are `behind`."""
    (tmp_path / "srv" / "static").mkdir(parents=True)
    ports = nginx.free_ports("p80", "p443") | dict.fromkeys(
        ("p8000", "p8010", "p8001", "p8002"), behind[0]
    )
    text = nginx.on_other_ports(tmp_path / "srv" / "static", **ports)
    trusted = tmp_path / "trusted.conf"
    trusted.write_text("set_real_ip_from 127.0.0.1;")
    text = text.replace("include /run/ccd-https-trusted*.conf", f"include {trusted}")
    with nginx.running(tmp_path / "nginx", text, ports["p443"]):
        yield ports["p443"]


def nginx_command(run: Path, example: str, port: int) -> list[str]:
    paths = " ".join(f"{name}_temp_path {run}/{name};" for name in nginx.TEMPORARY)
    user = "user root;" if os.geteuid() == 0 else ""
    head = NGINX.format(run=run, paths=paths, user=user)
    (run / "conf").write_text(f"{head}access_log off;\n{example}\n}}")
    return ["-c", str(run / "conf"), "-p", str(run), "-e", str(run / "error.log")]


def apache2_command(run: Path, example: str, port: int) -> list[str]:
    path = "/usr/lib/apache2/modules/mod_{}.so"
    modules = "\n".join(f"LoadModule {name}_module {path.format(name)}" for name in MODULES)
    (run / "conf").write_text(APACHE.format(run=run, modules=modules, port=port) + example)
    return ["-f", str(run / "conf"), "-D", "FOREGROUND"]


def haproxy_command(run: Path, example: str, port: int) -> list[str]:
    parts = [(run / "tls" / name).read_text() for name in ("fullchain.pem", "privkey.pem")]
    (run / "ccd.pem").write_text("".join(parts))
    (run / "conf").write_text(example)
    return ["-f", str(run / "conf"), "-db"]


COMMANDS = {
    "nginx": ("nginx.conf", nginx_command),
    "apache2": ("apache.conf", apache2_command),
    "haproxy": ("haproxy.cfg", haproxy_command),
}


@contextmanager
def proxy(name: str, run: Path, site: int) -> Iterator[str]:
    """Its address."""
    program = services.proxy_bin(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    file, command = COMMANDS[name]
    port = services.free_port()
    (run / "tls").mkdir(parents=True)
    nginx.make_certificate(run / "tls")
    example = (EXAMPLES / file).read_text()
    for there, here in (
        (r"10\.1\.2\.4(:443)?", f"127.0.0.1:{site}"),
        (r"(?<=listen )443|(?<=\*:)443|(?<=bind :)443", str(port)),
        (r"/etc/ssl/ccd", str(run / "tls")),
        (r"/etc/haproxy", str(run)),
        (r"ccd\.example\.org", "localhost"),
    ):
        example = re.sub(there, here, example)
    url = f"https://localhost:{port}"
    with (run / "log").open("w") as log:
        process = subprocess.Popen([program, *command(run, example, port)], stdout=log, stderr=log)
    try:
        wait_until(lambda: nginx.answers(url), (run / "log").read_text)
        yield url
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.parametrize("name", COMMANDS)
def test_pages_uploads_and_sockets_pass_the_proxy_of_a_school(name, tmp_path, site, behind):
    _port, begun = behind
    with proxy(name, tmp_path / "school", site) as url:
        host = url.removeprefix("https://")
        page = _page(url)
        received = _upload(url, begun)
        echoed = _through_a_socket(host)

    assert page == ["/equipe/?a=%2Fb", host, PERSON]
    assert received == ["received", "5000000"]
    assert echoed == b"ping"


def _page(url: str) -> list[str]:
    """As it reaches the site, from an address that claims to be another one."""
    transport = httpx.HTTPTransport(verify=False, local_address=PERSON)
    with httpx.Client(transport=transport, timeout=60) as client:
        address = url.replace("localhost", "127.0.0.1")
        headers = {"Host": url.removeprefix("https://"), "X-Forwarded-For": "203.0.113.9"}
        return client.get(f"{address}/equipe/?a=%2Fb", headers=headers).json()


def _upload(url: str, begun: threading.Event) -> list[str]:
    """The site gets the first bytes before the last ones are sent."""

    def body() -> Iterator[bytes]:
        yield b"x" * 1_000_000
        assert begun.wait(PATIENCE)
        yield b"x" * 4_000_000

    with nginx.client(url) as client:
        headers = {"Content-Length": "5000000"}
        return client.patch("/uploads/0123abcd/", content=body(), headers=headers).json()


def _through_a_socket(host: str) -> bytes:
    name, port = host.split(":")
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    upgrade = (
        f"GET /ws/live/ HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with (
        socket.create_connection(("127.0.0.1", int(port)), timeout=60) as plain,
        tls.wrap_socket(plain, server_hostname=name) as secure,
    ):
        secure.sendall(upgrade.encode())
        with secure.makefile("rb") as answer:
            assert b"101" in answer.readline()
            while answer.readline().strip():
                pass
            secure.sendall(b"ping")
            return answer.read(4)
