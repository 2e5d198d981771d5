import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from submissions.inspection import links
from submissions.inspection.result import Result
from tests import services


@dataclass
class Web:
    port: int
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    scheme: str = "http"

    def url(self, path: str, host: str = "localhost") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def redirect(self, path: str, to: str) -> None:
        self.answers[path] = (302, {"Location": to, "Set-Cookie": "a=b"}, b"")


@pytest.fixture
def web() -> Iterator[Web]:
    yield from serve()


def serve(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.requests.append((self.path, dict(self.headers)))
            status, headers, body = made.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            pass  # the client closes the connection early

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    made = Web(server.server_port, scheme="https" if context else "http")
    made.answers["/"] = (200, {}, b"<h1>Bonjour")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def inspect(web) -> Callable[..., Result]:
    def inspected(url: str, **options: Any) -> Result:
        arguments = {
            "allowed": lambda address: address in ("127.0.0.1", "::1"),
            "ports": {"http": web.port, "https": web.port},
            "is_online": lambda: True,
            **options,
        }
        (result,) = links.inspect(url, **arguments)
        return result

    return inspected


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in result.findings]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, "link_not_https"),
        (204, "link_not_https"),
        (401, "link_closed"),
        (403, "link_closed"),
        (404, "link_status"),
        (410, "link_status"),
        (429, "link_closed"),
        (500, "link_status"),
    ],
)
def test_answers(status, expected, web, inspect):
    web.answers["/page"] = (status, {}, b"")

    result = inspect(web.url("/page"))

    assert codes(result) == [expected]
    assert result.facts == {"type": "link", "status": status}


def test_redirects_are_followed_without_cookies_or_credentials(web, inspect):
    web.redirect("/a?b=%C3%A9", "/c#part")
    web.redirect("/c", web.url("/", host="127.0.0.1"))

    result = inspect(f"http://ada:secret@localhost:{web.port}/a?b=%C3%A9")

    assert result.facts["status"] == 200
    assert [path for path, _ in web.requests] == ["/a?b=%C3%A9", "/c", "/"]
    for _, headers in web.requests:
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)
    assert [headers["Host"] for _, headers in web.requests] == [
        f"localhost:{web.port}",
        f"localhost:{web.port}",
        f"127.0.0.1:{web.port}",
    ]


def test_five_redirects_and_no_more(web, inspect):
    for step in range(6):
        web.redirect(f"/{step}", f"/{step + 1}")
    web.answers["/5"] = (200, {}, b"")

    assert inspect(web.url("/0")).facts["status"] == 200
    web.redirect("/5", "/")
    assert codes(inspect(web.url("/0"))) == ["link_loop"]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("http://10.0.0.1:{port}/", "link_private"),
        ("http://169.254.169.254:{port}/latest/meta-data/", "link_private"),
        ("http://[::ffff:10.0.0.1]:{port}/", "link_private"),
        ("http://localhost:{other}/", "link_port"),
        ("file:///etc/passwd", "link_no_answer"),
        ("gopher://127.0.0.1/", "link_no_answer"),
        ("http://[::x]/", "link_no_answer"),
    ],
)
def test_each_redirect_is_checked(to, expected, web, inspect):
    web.redirect("/away", to.format(port=web.port, other=web.port + 1))

    assert codes(inspect(web.url("/away"))) == [expected]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "https://192.168.1.1/admin",
        "http://169.254.169.254/latest/meta-data/",
        "http://[64:ff9b::7f00:1]/",
    ],
)
def test_private_addresses_are_not_requested(address):
    (result,) = links.inspect(address, is_online=lambda: True)

    assert codes(result) == ["link_private"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1", True),
        ("::ffff:8.8.8.8", True),
        ("0.0.0.0", False),  # noqa: S104
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.1.1", False),
        ("172.16.0.1", False),
        ("192.0.2.1", False),
        ("192.168.0.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::1", False),
        ("2001:0:7f00:1::", False),
        ("2002:7f00:1::", False),
        ("fc00::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff0e::1", False),
    ],
)
def test_addresses(address, public):
    assert links.is_public(address) is public


def test_the_address_that_was_checked_is_the_one_connected_to(web):
    checked: list[str] = []
    backend = links.CheckedBackend(lambda address: not checked.append(address))

    stream = backend.connect_tcp("localhost", web.port)
    peer = stream.get_extra_info("server_addr")
    stream.close()

    assert peer[0] in checked
    assert peer[0] == "127.0.0.1"


def test_one_private_address_among_public_ones_is_refused(web):
    several = {info[4][0] for info in socket.getaddrinfo("localhost", web.port)}
    backend = links.CheckedBackend(lambda address: address != "127.0.0.1")

    with pytest.raises(links.PrivateAddress):
        backend.connect_tcp("localhost", web.port)
    assert "127.0.0.1" in several


def test_a_closed_port(inspect):
    port = services.free_port()

    result = inspect(f"http://127.0.0.1:{port}/", ports={"http": port})

    assert result.findings == [{"code": "link_no_answer", "host": "127.0.0.1"}]


def test_without_internet_access_a_link_is_not_checked(inspect):
    port = services.free_port()

    result = inspect(f"http://127.0.0.1:{port}/", ports={"http": port}, is_online=lambda: False)

    assert codes(result) == ["not_checked"]


def test_a_name_that_does_not_exist(inspect, web):
    result = inspect(f"http://personne.invalid:{web.port}/")

    assert codes(result) == ["link_no_answer"]


def test_only_the_standard_ports_are_requested(web):
    (result,) = links.inspect(web.url("/"))

    assert result.findings == [{"code": "link_port", "port": web.port}]
    assert web.requests == []


@pytest.mark.parametrize("path", ["/login?next=/a", "/users/sign_in", "/cas/login", "/connexion/"])
def test_a_page_to_sign_in(path, web, inspect):
    web.redirect("/secret", path)
    web.answers[path] = (200, {}, b"")

    assert codes(inspect(web.url("/secret"))) == ["link_sign_in"]


def test_a_certificate_that_browsers_refuse(tmp_path, inspect):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    for web in serve(context):
        ports = {"https": web.port}
        trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))

        assert codes(inspect(web.url("/"), ports=ports)) == ["link_certificate"]
        result = inspect(web.url("/"), ports=ports, context=trusting)
        assert (result.facts["status"], result.findings) == (200, [])


def test_only_the_beginning_of_a_body_is_read(web, inspect):
    web.answers["/large"] = (200, {}, bytes(50_000_000))

    assert inspect(web.url("/large")).facts["status"] == 200


def certificate(directory: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = directory / "cert.pem", directory / "key.pem"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def test_the_title_of_a_page_is_kept(web, inspect):
    html = {"Content-Type": "text/html; charset=utf-8"}
    body = "<!doctype html><TITLE lang=fr>\n Le  site &amp; l’équipe </title>".encode()
    web.answers |= {
        "/page": (200, html, body),
        "/image": (200, {"Content-Type": "image/svg+xml"}, body),
        "/late": (200, html, b" " * (links.HEAD_BYTES + 70_000) + body),
        "/gone": (404, html, body),
    }

    found = {path: inspect(web.url(path)).facts.get("title") for path in web.answers}

    assert {path for path, title in found.items() if title} == {"/page"}
    assert found["/page"] == "Le site & l’équipe"
