"""deploy/install. tests/operations/docker stands for docker."""

import shutil
import stat
from pathlib import Path

import pytest

from tests.operations import compose
from tests.operations.scripts import run

ANSWERS = """CCD_DOMAIN=localhost
CCD_SMTP_HOST=smtp.example.org
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
    (project / "deploy").mkdir(parents=True)
    for name in (
        "docker-compose.yml",
        "deploy/install",
        "deploy/nginx.conf",
        "deploy/nginx-main.conf",
    ):
        shutil.copy(compose.ROOT / name, project / name)
    return project


def test_the_check_says_what_is_missing_and_changes_nothing(project: Path) -> None:
    before = sorted(project.rglob("*"))

    empty = run("install", project, "--check", CCD_MEMORY_MB="10000000")
    (project / "answers").write_text(ANSWERS)
    no_docker = run("install", project, "--check", "--answers", "answers", FAKE_FAIL="^info")
    complete = run("install", project, "--check", "--answers", "answers")
    (project / "answers").unlink()

    assert (empty.returncode, no_docker.returncode, complete.returncode) == (1, 1, 0)
    assert "missing: CCD_DOMAIN" in empty.stdout
    assert "missing: memory" in empty.stdout
    assert "missing: the right to use docker" in no_docker.stdout
    assert "Nothing was changed" in complete.stdout
    assert sorted(project.rglob("*")) == before
    assert not (project.parent / "srv").exists()


def test_install_makes_secrets_once_and_starts_everything(project: Path) -> None:
    (project / "answers").write_text(ANSWERS)

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
    assert calls[-2:] == ["compose build", "compose up -d --wait"]
    assert "docker compose logs certificates" in first.stdout
