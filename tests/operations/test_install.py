"""deploy/install. tests/operations/docker stands for docker."""

import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.operations import compose
from tests.operations.scripts import run
from tests.operations.smtp import Sink, sink
from tests.operations.test_compose import documented_settings

ANSWERS = """# what the school gave us
CCD_DOMAIN=localhost
CCD_SMTP_HOST=127.0.0.1
CCD_SMTP_PASSWORD=a b$c
CCD_OIDC_ISSUER=https://sso.univ.example
CCD_OIDC_CLIENT_SECRET=d e$f
CCD_CLAMAV=clamav:3310
COMPOSE_PROFILES=clamav,s3
CCD_SENTRY_DSN=https://g@sentry.example/1
CCD_ADMIN=eve@example.org
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    for name in (
        "docker-compose.yml",
        "docker-compose.second.yml",
        "docker-compose.shared.yml",
        "deploy/install",
        "deploy/standby",
        "deploy/gunicorn.conf.py",
        "deploy/alertmanager/configure",
        "hackathon/settings.py",
        "deploy/nginx.conf",
        "deploy/nginx-main.conf",
    ):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(compose.ROOT / name, project / name)
    return project


@pytest.fixture
def answers(project: Path, smtp: Sink) -> Path:
    file = project / "answers"
    file.write_text(f"{ANSWERS}CCD_SMTP_PORT={smtp.port}\n")
    return file


@pytest.fixture
def smtp() -> Iterator[Sink]:
    with sink() as server:
        yield server


def test_the_check_reads_the_answers_line_by_line(project, answers):
    text = answers.read_text()

    def missing(changed: str) -> list[str]:
        answers.write_bytes(changed.encode())
        done = run("install", project, "--check", "--answers", "answers")
        assert done.returncode == bool("missing:" in done.stdout), done.stdout
        return re.findall(r"missing: in answers: (.*)", done.stdout)

    assert missing(text) == []
    (windows,) = missing(text.replace("\n", "\r\n"))
    assert windows.startswith("line 1 ends as on Windows (CR LF)")
    assert missing(text + "CCD_SMPT_USER=a\n  CCD_SMTP_USER=a\nCCD_SMTP_USER = a\n") == [
        "line 12: no setting is called CCD_SMPT_USER",
        "line 13 begins with a space",
        "line 14 is not NAME=value, without spaces around =",
    ]
    no_file = run("install", project, "--answers")
    assert (no_file.returncode, no_file.stdout) == (
        2,
        "--answers needs a file: deploy/install --answers FILE\n",
    )


def test_every_documented_setting_is_known(project, answers):
    names = sorted(documented_settings())
    answers.write_text("".join(f"{name}=1\n" for name in names))

    done = run("install", project, "--check", "--answers", "answers")

    assert len(names) > 50
    assert "no setting is called" not in done.stdout, done.stdout


def test_the_check_looks_at_mail_server_cores_and_compose(project, answers):
    def said(**env: str) -> str:
        return run("install", project, "--check", "--answers", "answers", **env).stdout

    well = said(CCD_CORES="1")
    old = said(FAKE_COMPOSE="v2.23.3")
    few = said(CCD_CORES="1000")
    answers.write_text(f"{ANSWERS}CCD_SMTP_PORT={services.free_port()}\n")
    silent = said()
    full = said(FAKE_DOCKER_ROOT="/proc")  # a disk of its own, without space

    assert "missing" not in well
    assert "missing: space: 0 MB free in /proc (Docker)" in full
    assert "missing: docker compose 2.24 or newer, here is 2.23.3" in old
    assert "missing: processor cores" in few
    assert "missing: an answer of the mail server 127.0.0.1:" in silent


def test_the_check_says_what_is_missing_and_changes_nothing(project, answers):
    kept = answers.read_text()
    answers.unlink()
    before = sorted(project.rglob("*"))

    empty = run("install", project, "--check", CCD_MEMORY_MB="10000000")
    answers.write_text(kept)
    no_docker = run("install", project, "--check", "--answers", "answers", FAKE_FAIL="^info")
    complete = run("install", project, "--check", "--answers", "answers")
    answers.unlink()

    assert (empty.returncode, no_docker.returncode, complete.returncode) == (1, 1, 0)
    assert "missing: CCD_DOMAIN" in empty.stdout
    assert "missing: memory" in empty.stdout
    assert "missing: the right to use docker" in no_docker.stdout
    assert "Nothing was changed" in complete.stdout
    assert sorted(project.rglob("*")) == before
    assert not (project.parent / "srv").exists()


def test_a_second_machine_is_prepared_and_nothing_is_started(project, answers):
    done = run("install", project, "--no-start", "--answers", "answers")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was started" in done.stdout
    calls = (project.parent / "docker.log").read_text().splitlines()
    assert calls[-1] == "compose build"
    assert (project / "secrets" / "secret-key").read_text()
    assert (project.parent / "srv" / "static").is_dir()


def test_install_makes_secrets_once_and_starts_everything(project, answers):
    first = run("install", project, "--answers", "answers")
    secrets = {path.name: path.read_text() for path in (project / "secrets").iterdir()}
    again = run("install", project)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert secrets == {path.name: path.read_text() for path in (project / "secrets").iterdir()}
    assert secrets["smtp-password"] == "a b$c"
    assert secrets["oidc-client-secret"] == "d e$f"
    assert secrets["sentry-dsn"] == "https://g@sentry.example/1"
    assert secrets["push-secret"] == secrets["former-secret-keys"] == ""
    assert len(secrets["secret-key"]) >= 50
    assert len(secrets["s3-secret-key"]) >= 40
    assert set(secrets) == {Path(s["file"]).name for s in compose.document()["secrets"].values()}
    text = (project / ".env").read_text()
    assert "CCD_DOMAIN=localhost\n" in text
    assert "CCD_OIDC_ISSUER=https://sso.univ.example\n" in text
    assert "CCD_CLAMAV=clamav:3310\nCOMPOSE_PROFILES=clamav,s3\n" in text
    assert text.count("CCD_DOMAIN") == 1
    assert "CCD_ADMIN" not in text
    assert not any(secret in text for secret in secrets.values() if secret)
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600
    assert (project.parent / "srv" / "tls" / "privkey.pem").exists()
    calls = (project.parent / "docker.log").read_text().splitlines()
    assert calls[-2:] == ["compose build", "compose up -d --wait --wait-timeout=600"]
    assert "docker compose logs certificates" in first.stdout


def test_a_start_that_is_too_slow_leaves_an_administrator_and_says_what_to_do(project, answers):
    line, fails = ("install", project, "--answers", "answers"), "up -d --wait"
    slow = run(*line, FAKE_FAIL=fails)
    calls = (project.parent / "docker.log").read_text().splitlines()
    no_database = run(*line, FAKE_FAIL=f"{fails}|manage.py")

    assert (slow.returncode, no_database.returncode) == (1, 1)
    assert "create_superuser(email" in " ".join(calls[-4:])
    for done in (slow, no_database):
        assert "docker compose logs --tail 50 NAME, first of all: prepare" in done.stdout
        assert "A second try is safe" in done.stdout
        assert "deploy/install --answers answers\n" in done.stdout
        assert "is running" not in done.stdout
    assert "eve@example.org was not made: " in no_database.stdout
    assert "was not made" not in slow.stdout
