"""deploy/watch against a server with TLS, as another machine runs it."""

import contextlib
import json
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hackathon.run.operations import readiness
from tests import services
from tests.operations import compose
from tests.operations.test_alerts import headings

WATCH = compose.ROOT / "deploy" / "watch"
UNITS = compose.ROOT / "deploy" / "systemd"
WELL = {"ready": True, "degraded": [], "checks": {"database": {"ok": True}}}
SILENT = {"redis": {"ok": True}, "processes": {"ok": False, "error": "silent: worker"}}
AWAY = {"database": {"ok": False, "error": "database unavailable"}}


class Server(ThreadingHTTPServer):
    """Answers GET with `status` and `body`, and keeps what is posted."""

    def __init__(self, port: int, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.status, self.body = 200, json.dumps(WELL)
        self.posted: list[dict[str, Any]] = []
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def says(self, status: int, checks: dict[str, Any]) -> None:
        self.status, self.body = status, json.dumps({**WELL, "checks": checks})

    def handle_error(self, *_: Any) -> None:
        """A client that does not trust the certificate hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        is_asked = self.path == "/readyz"
        self._answer(self.server.status if is_asked else 404, self.server.body)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.posted.append(json.loads(self.rfile.read(length)))
        self._answer(self.server.status, "")

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def serving(port: int, certificate: Path | None = None) -> Iterator[Server]:
    with Server(port, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(60)


@dataclass
class Authority:
    """A certificate authority, as a school has one."""

    directory: Path
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    name: x509.Name = field(default_factory=lambda: _name("The school"))

    @property
    def file(self) -> Path:
        file = self.directory / "ca.pem"
        if not file.exists():
            own = _certificate(self.name, self.name, self.key, self.key, days=300, is_ca=True)
            file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        return file

    def issue(self, host: str = "localhost", *, days: float = 60) -> Path:
        """Valid for so many days from now; negative: it has ended."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(_name(host), self.name, key, self.key, days=days, host=host)
        pem = serialization.Encoding.PEM
        private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        file = self.directory / f"{host}{days}.pem"
        file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *private))
        return file


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signing: ec.EllipticCurvePrivateKey,
    *,
    days: float,
    host: str = "",
    is_ca: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(host or "ca.test")])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
        .add_extension(names, critical=False)
        .sign(signing, hashes.SHA256())
    )


@dataclass
class Watch:
    url: str
    directory: Path
    ca: Path

    def run(
        self, *more: str, url: str = "", path: str = "/usr/bin:/bin"
    ) -> subprocess.CompletedProcess:
        state = self.directory / "state.json"
        options = ["--state", str(state), "--ca", str(self.ca), "--pause", "0", "--tries", "2"]
        return subprocess.run(
            [sys.executable, WATCH, url or self.url, *options, *more],
            env={"PATH": path, "HOME": str(self.directory)},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def says(self, *more: str, **options: str) -> list[str]:
        """The names of what is wrong, from the first line; empty if it says nothing."""
        lines = self.run(*more, **options).stdout.splitlines()
        return lines[0].partition(": ")[2].split(", ") if lines else []


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def port() -> int:
    return services.free_port()


@pytest.fixture
def watch(authority: Authority, tmp_path: Path, port: int) -> Watch:
    return Watch(f"https://localhost:{port}", tmp_path, authority.file)


def test_it_speaks_once_for_each_change_and_once_when_all_is_well_again(
    watch, authority, port, tmp_path
):
    mails = tmp_path / "mails"
    command = ("--command", f'echo "$SUBJECT" >>{mails}; cat >>{mails}')

    with serving(port, authority.issue()) as server:
        codes = [watch.run(*command).returncode]
        server.says(200, SILENT)
        codes += [watch.run(*command).returncode for _ in range(2)]
        server.says(503, AWAY)
        codes += [watch.run(*command).returncode for _ in range(2)]
        server.says(200, WELL["checks"])
        codes += [watch.run(*command).returncode for _ in range(2)]

    assert codes == [0, 1, 1, 1, 1, 0, 0]
    subjects = [line for line in mails.read_text().splitlines() if line.startswith("localhost: ")]
    # The first line of the message is its subject.
    assert subjects[::2] == [
        "localhost: processes",
        "localhost: database",
        "localhost: all is well again",
    ]
    assert "processes: silent: worker." in mails.read_text()


def test_it_names_what_is_wrong(watch, authority, port):
    refused = watch.says()
    found = {}
    for name, certificate in (
        ("ended", authority.issue(days=-1)),
        ("ends soon", authority.issue(days=3)),
        ("of another name", authority.issue("other.test")),
        ("good", authority.issue()),
    ):
        with serving(port, certificate) as server:
            found[name] = watch.says()
            if name == "good":
                found["nobody trusts it"] = watch.says("--ca", "/etc/ssl/certs/ca-certificates.crt")
                server.status, server.body = 502, "<h1>Le serveur redémarre</h1>"
                found["no page process"] = watch.says()
    found["no name"] = watch.says(url="https://nobody.invalid")
    with serving(port):
        found["no TLS"] = watch.says()

    assert refused == ["connection"]
    assert found == {
        "ended": ["certificate"],
        "ends soon": ["certificate-ends"],
        "of another name": ["certificate"],
        "good": ["all is well again"],
        "nobody trusts it": ["certificate"],
        "no page process": ["answer"],
        "no name": ["dns"],
        "no TLS": ["tls"],
    }


def test_a_lost_answer_wakes_nobody(watch, authority, port):
    """The second try is answered."""
    with serving(port, authority.issue()) as server:
        answers = iter([503, 200])
        type(server).status = property(lambda _: next(answers), lambda *_: None)  # type: ignore[assignment]
        try:
            done = watch.run()
        finally:
            del type(server).status

    assert (done.returncode, done.stdout) == (0, "")


def test_a_webhook_gets_json_and_what_it_did_not_take_is_sent_again(watch, port):
    hook = services.free_port()
    with serving(hook) as taken:
        taken.status = 500
        first = watch.run("--webhook", f"http://127.0.0.1:{hook}/a")
        taken.status = 200
        second = watch.run("--webhook", f"http://127.0.0.1:{hook}/a")
        third = watch.run("--webhook", f"http://127.0.0.1:{hook}/a")

    assert [each.returncode for each in (first, second, third)] == [2, 1, 1]
    assert len(taken.posted) == 2
    assert taken.posted[1] == taken.posted[0]
    assert taken.posted[1]["state"] == "wrong"
    assert set(taken.posted[1]["problems"]) == {"connection"}
    assert "Connection refused" in taken.posted[1]["text"]


def _container(service: str, state: str = "running", **more: Any) -> dict[str, Any]:
    return {"Service": service, "State": state, "Health": "", "ExitCode": 0, **more}


@pytest.mark.parametrize("is_list", [False, True])
def test_on_the_machine_itself_it_names_containers_that_do_not_run(
    watch, authority, port, tmp_path, is_list
):
    containers = [
        _container("prepare", "exited"),
        _container("web-a"),
        _container("certificates", "exited", ExitCode=137),
        _container("beat", "created"),
        _container("live", "restarting"),
        _container("proxy", Health="unhealthy"),
    ]
    listed = json.dumps(containers) if is_list else "\n".join(map(json.dumps, containers))
    (tmp_path / "listed").write_text(listed)
    (tmp_path / "bin").mkdir()
    docker = tmp_path / "bin" / "docker"
    docker.write_text(
        f"""#!/bin/sh
case "$*" in
  "compose ps"*) cat {tmp_path}/listed ;;
  "compose config"*) echo prepare web-a certificates beat live proxy worker ;;
  info*) echo {tmp_path} ;;
esac"""
    )
    docker.chmod(0o755)
    path = f"{docker.parent}:/usr/bin:/bin"

    with serving(port, authority.issue()):
        wrong = watch.says("--containers", str(tmp_path), path=path)
        (tmp_path / "listed").write_text("not JSON")
        unreadable = watch.says("--containers", str(tmp_path), path=path)

    services = ("beat", "certificates", "live", "proxy", "worker")
    assert [each for each in wrong if each != "docker-disk"] == [f"container-{s}" for s in services]
    assert unreadable == ["docker"]


def test_it_wants_a_url(watch):
    assert watch.run(url="ccd.example.org").returncode == 2


def test_everything_that_it_can_say_has_a_section_of_the_runbook():
    said = {"dns", "connection", "certificate", "certificate-ends", "tls", "answer", "docker"}
    sections = headings("docs/operations/alerts.md")
    named = {name for section in sections for name in section.split(", ")}

    assert said <= set(sections)
    assert all(f'"{name}":' in WATCH.read_text() for name in said)
    assert {check.name for check in readiness.CHECKS} <= named


def test_the_units_name_what_exists():
    service = (UNITS / "ccd-watch.service").read_text()
    timer = (UNITS / "ccd-watch.timer").read_text()

    assert "ExecStart=/usr/local/bin/ccd-watch\n" in service
    assert "Environment=WATCH_STATE=" in service
    assert "SuccessExitStatus=1\n" in service
    assert "OnUnitActiveSec=1min" in timer
