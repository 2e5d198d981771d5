"""The system's nginx with deploy/nginx.conf, on other ports and with a certificate made here."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import services
from tests.waiting import wait_until

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
SHIPPED = DEPLOY / "nginx.conf"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str:
    found = services.nginx_bin()
    if found is None:
        pytest.skip("nginx is not installed")
    return found


def prepare(run: Path, text: str) -> Path:
    """Writes the configuration with `text` as its conf.d, and a certificate. Returns its path."""
    (run / "conf.d").mkdir(parents=True)
    text = text.replace("/var/log/nginx", str(run)).replace("include /run/", f"include {run}/")
    (run / "conf.d" / "ccd.conf").write_text(text)
    (run / "tls").mkdir()
    make_certificate(run / "tls")
    conf = run / "nginx.conf"
    conf.write_text(_main_file(run))
    return conf


def _main_file(run: Path) -> str:
    """`deploy/nginx-main.conf` with one process, and `run` in place of the system's directories."""
    text = (DEPLOY / "nginx-main.conf").read_text()
    text = text.replace("worker_processes auto;", "worker_processes 1; daemon off;")
    text = text.replace("/run/", f"{run}/").replace("/var/log/nginx/", f"{run}/")
    text = text.replace("include mime.types;", "include /etc/nginx/mime.types;")
    paths = " ".join(f"{name}_temp_path {run}/{name};" for name in TEMPORARY)
    text = text.replace("sendfile on;", f"sendfile on; {paths}")
    # As root, nginx reads the files of the test only as root.
    return f"user root;\n{text}" if os.geteuid() == 0 else text


def on_other_ports(static: Path, **ports: int) -> str:
    """`deploy/nginx.conf` with these ports in place of its own, and another static directory."""
    text = SHIPPED.read_text().replace("/srv/ccd", str(static.parent))
    for name, port in ports.items():
        shipped = name.removeprefix("p")
        text, count = re.subn(rf"\b{shipped}\b(?=[ ;])", str(port), text)
        assert count == 1, name
    return text


def beside(text: str, first: int, second: int) -> str:
    """With a second server, as on another machine: docs/operations/scaling.md."""
    line = "server 127.0.0.1:{} max_fails=3 fail_timeout=10s;"
    lines = "\n  ".join(line.format(port) for port in (first, second))
    text, count = re.subn(rf"server 127\.0\.0\.1:{first}\b[^;]*;", lines, text)
    assert count == 1, first
    return text


@contextlib.contextmanager
def running(run: Path, text: str, port: int) -> Iterator[str]:
    """Gives the URL."""
    conf = prepare(run, text)
    command = [program(), "-c", str(conf), "-p", str(run), "-e", str(run / "error.log")]
    server = subprocess.Popen(command)
    url = f"https://localhost:{port}"
    try:
        wait_until(lambda: answers(url), (run / "error.log").read_text)
        yield url
    finally:
        server.terminate()
        server.wait(60)


def answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError), client(url) as browser:
        browser.get("/static/")
        return True
    return False


def make_certificate(directory: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (directory / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def client(url: str = "") -> httpx.Client:
    """Takes the certificate that was made here."""
    return httpx.Client(base_url=url, verify=False, trust_env=False, timeout=60)  # noqa: S501


def free_ports(*names: str) -> dict[str, int]:
    return {name: services.free_port() for name in names}
