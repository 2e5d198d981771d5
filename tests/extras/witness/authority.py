"""A time stamping authority on the loopback interface: `openssl ts` answers."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SETTINGS = """\
[authority]
serial = {folder}/serial
signer_cert = {folder}/authority.pem
signer_key = {folder}/authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
MEDIA_TYPE = "application/timestamp-reply"


class Authority:
    """`status` and `change` are what it does with an answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = 200
        self.change: Callable[[bytes], bytes] = bytes
        self.requests = 0
        _write_certificates(folder)
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(SETTINGS.format(folder=folder))

    def __enter__(self) -> Self:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.requests += 1
                question = self.rfile.read(int(self.headers["Content-Length"]))
                answer = authority.change(authority.answer(question))
                self.send_response(authority.status)
                self.send_header("Content-Type", MEDIA_TYPE)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/tsr"

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, question: bytes) -> bytes:
        (self.folder / "question.tsq").write_bytes(question)
        _openssl(
            "-reply", "-config", "tsa.cnf", "-section", "authority", "-queryfile", "question.tsq",
            "-out", "answer.tsr", folder=self.folder,
        )  # fmt: skip
        return (self.folder / "answer.tsr").read_bytes()

    def believes(self, answer: bytes, digest: str) -> bool:
        """Whether `openssl ts -verify` does, with the commands that the pages show."""
        (self.folder / "empreinte.txt").write_text(digest)
        (self.folder / "kept.tsr").write_bytes(answer)
        verify = ("-verify", "-data", "empreinte.txt", "-in", "kept.tsr", "-CAfile", "root.pem")
        return _openssl(*verify, folder=self.folder, check=False) == 0


def _openssl(*arguments: str, folder: Path, check: bool = True) -> int:
    command = ["openssl", "ts", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=check)
    return done.returncode


def _write_certificates(folder: Path) -> None:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root, name = _name("Racine"), _name("Autorité")
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificates = {
        "root.pem": _certificate(root, root, root_key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        ),
        "authority.pem": _certificate(name, root, key).add_extension(stamping, critical=True),
    }
    for file, certificate in certificates.items():
        signed = certificate.sign(root_key, SHA256())
        (folder / file).write_bytes(signed.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "authority.key").write_bytes(pem)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
