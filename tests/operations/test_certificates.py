"""The shell of `proxy` and `certificates`, with programs that write down how they were called."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.operations import compose
from tests.waiting import wait_until

SLEEP = 'echo "sleep $1" >>"$LOG"; exec /bin/sleep 0.02'
NGINX = 'echo "nginx $*" >>"$LOG"; [ "$1" = -s ] || exec /bin/sleep 600'
# Fails three times, as its file `fail` has three lines.
CERTBOT = """echo "certbot $1" >>"$LOG"
if [ -s "$HERE/fail" ]; then sed -i 1d "$HERE/fail"; exit 1; fi
mkdir -p "$HERE/letsencrypt/live/$CCD_DOMAIN"
cd "$HERE/letsencrypt/live/$CCD_DOMAIN"
echo issued >fullchain.pem; echo key >privkey.pem"""


# Settings of one test.
OWN: dict[str, str] = {}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "tls").mkdir()
    for name, text in (("sleep", SLEEP), ("nginx", NGINX), ("certbot", CERTBOT)):
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    (tmp_path / "log").touch()
    return tmp_path


def shell(text: str, place: Path) -> str:
    """As the container runs it, with directories of the test."""
    text = text.replace("$$", "$").replace("/tmp/since", f"{place}/since")  # noqa: S108
    for theirs in ("/etc/nginx/tls", "/etc/letsencrypt"):
        text = text.replace(theirs, f"{place}/{Path(theirs).name}")
    return text.replace(" /tls/", f" {place}/tls/").replace(">/run/", f">{place}/")


def environment(place: Path) -> dict[str, str]:
    path = f"{place / 'bin'}:{os.environ['PATH']}"
    own = {"PATH": path, "HERE": str(place), "LOG": str(place / "log"), "CCD_DOMAIN": "ccd.test"}
    return own | OWN


@contextlib.contextmanager
def running(service: str, place: Path) -> Iterator[None]:
    text = shell(compose.services()[service]["command"][-1], place)
    process = subprocess.Popen(
        ["sh", "-c", text], env=environment(place), cwd=place, start_new_session=True
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)


def calls(place: Path, program: str) -> list[str]:
    lines = (place / "log").read_text().splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{program} ")]


def put(place: Path, text: str) -> None:
    (place / "new").write_text(text)
    (place / "new").replace(place / "tls" / "fullchain.pem")


def test_the_proxy_takes_a_new_certificate_within_a_minute(place):
    put(place, "of deploy/install")

    with running("proxy", place):
        wait_until(lambda: calls(place, "nginx") and len(calls(place, "sleep")) >= 3)
        before = calls(place, "nginx")
        put(place, "issued")
        wait_until(lambda: "-s reload" in calls(place, "nginx"))
        looked = len(calls(place, "sleep"))
        wait_until(lambda: len(calls(place, "sleep")) >= looked + 3)
        after = calls(place, "nginx")

    assert before == ["-g daemon off;"]
    assert after == ["-g daemon off;", "-s reload"]
    assert set(calls(place, "sleep")) == {"60"}


def test_with_a_certificate_of_the_school_certbot_asks_for_none(place, monkeypatch):
    monkeypatch.setitem(OWN, "CCD_CERTIFICATES", "own")

    with running("certificates", place):
        wait_until(lambda: calls(place, "sleep"))

    assert (calls(place, "sleep"), calls(place, "certbot")) == (["infinity"], [])
    assert (place / "since").exists()


def test_the_first_certificate_is_tried_again_soon_but_not_too_often(place):
    put(place, "of deploy/install")
    (place / "fail").write_text("1\n2\n3\n")

    with running("certificates", place):
        wait_until(lambda: calls(place, "sleep").count("43200") >= 2)

    assert calls(place, "sleep")[:5] == ["60", "1200", "1200", "43200", "43200"]
    assert (place / "tls" / "fullchain.pem").read_text() == "issued\n"
    assert (place / "tls" / "privkey.pem").read_text() == "key\n"


def test_the_health_check_sees_an_untrusted_or_expiring_certificate(place):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (place / "since").touch()
    script = shell(compose.services()["certificates"]["healthcheck"]["test"][-1], place)

    def is_healthy(issuer: str, days: int) -> bool:
        _make_certificate(place / "tls" / "fullchain.pem", issuer, days)
        done = subprocess.run(["sh", "-c", script], env=environment(place), cwd=place)
        return done.returncode == 0

    fresh = is_healthy("ccd.test", 30)
    signed, ending = is_healthy("An authority", 30), is_healthy("An authority", 5)
    os.utime(place / "since", (time.time() - 2 * 86400,) * 2)
    still, later = is_healthy("ccd.test", 30), is_healthy("An authority", 30)

    assert (fresh, still) == (True, False)
    assert (signed, ending, later) == (True, False, True)


def _make_certificate(path: Path, issuer: str, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name("ccd.test"))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )
    signed = builder.sign(key, hashes.SHA256())
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
