"""deploy/install and deploy/upgrade. tests/operations/docker stands for docker."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.operations import compose
from tests.submissions.tus.servers import environment

HERE = Path(__file__).parent
ANSWERS = "CCD_DOMAIN=localhost\nCCD_SMTP_HOST=smtp.example.org\nCCD_SMTP_PASSWORD=a b$c\n"
BROKEN = """
from django.db import migrations

class Migration(migrations.Migration):
    atomic = False
    dependencies = [("operations", "LAST")]
    operations = [
        migrations.RunSQL("ALTER TABLE operations_heartbeat DROP COLUMN kind"),
        migrations.RunSQL("SELECT 1 / 0"),
    ]
"""
GOOD = BROKEN.replace("SELECT 1 / 0", "SELECT 1")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "deploy").mkdir(parents=True)
    for name in ("docker-compose.yml", "deploy/install", "deploy/nginx.conf"):
        shutil.copy(compose.ROOT / name, project / name)
    return project


def run(script: str, project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess:
    programs = project.parent / "bin"
    if not programs.exists():
        programs.mkdir()
        (programs / "docker").symlink_to(HERE / "docker")
    return subprocess.run(
        ["bash", f"deploy/{script}", *arguments],
        cwd=project,
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(project.parent),
            "FAKE_LOG": str(project.parent / "docker.log"),
            "CCD_ROOT": str(project.parent / "srv"),
            "CCD_MEMORY_MB": "100",
            "CCD_DISK_MB": "10",
            "CCD_PORTS": "1",
            **env,
        },
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


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
    assert len(secrets["secret-key"]) >= 50
    assert set(secrets) == {Path(s["file"]).name for s in compose.document()["secrets"].values()}
    text = (project / ".env").read_text()
    assert "CCD_DOMAIN=localhost\n" in text
    assert not any(secret in text for secret in secrets.values())
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600
    assert (project.parent / "srv" / "tls" / "privkey.pem").exists()
    calls = (project.parent / "docker.log").read_text().splitlines()
    assert calls[-2:] == ["compose build", "compose up -d --wait"]


# ---------------------------------------------------------------- upgrades


@pytest.fixture
def database() -> Iterator[services.Postgres]:
    if services.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    server = services.Postgres()
    server.start()
    server.run("createdb", "-h", "127.0.0.1", "-p", server.port, "-U", "ccd", "ccd")
    yield server
    server.stop()
    shutil.rmtree(server.directory, ignore_errors=True)


def git(project: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=project, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def version(origin: Path, tag: str, migration: str) -> None:
    directory = origin / "hackathon" / "operations" / "migrations"
    last = max(path.stem for path in directory.glob("0*.py"))
    (directory / "0999_next.py").write_text(migration.replace("LAST", last))
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", tag)
    git(origin, "tag", tag)
    git(origin, "reset", "-q", "--hard", "HEAD^")


@pytest.mark.postgres
@pytest.mark.timeout(240)
def test_an_upgrade_whose_migration_fails_is_rolled_back_and_a_good_one_stays(
    database: services.Postgres, tmp_path: Path
) -> None:
    origin, project = tmp_path / "origin", tmp_path / "project"
    for name in ("hackathon", "judging", "submissions", "teams", "templates", "locale", "deploy"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(compose.ROOT / name, origin / name, ignore=ignored)
    for name in ("manage.py", "docker-compose.yml", ".gitignore"):
        shutil.copy(compose.ROOT / name, origin / name)
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", "v1")
    version(origin, "broken", BROKEN)
    version(origin, "good", GOOD)
    git(tmp_path, "clone", "-q", str(origin), str(project))
    former = git(project, "rev-parse", "HEAD")
    env = {
        "FAKE_POSTGRES": str(database.port),
        "FAKE_PYTHON": sys.executable,
        "CCD_DATABASE_URL": database.url.replace("/postgres", "/ccd"),
        "CCD_DATA_DIR": str(tmp_path / "data"),
        "CCD_NODE_MODULES": str(compose.ROOT / "node_modules"),
    }

    def sql(text: str) -> str:
        command = ["psql", "-h", "127.0.0.1", "-p", str(database.port), "-U", "ccd", "-qAtX"]
        done = subprocess.run([*command, "-d", "ccd", "-c", text], capture_output=True, text=True)
        return done.stdout.strip() or done.stderr

    prepared = subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=project, env=environment(**env)
    )
    sql(
        "INSERT INTO operations_heartbeat (process, kind, at, clock_skew_ms, clock_error_ms, pages)"
        " VALUES ('kept', 'web', now(), 0, 0, '{}')"
    )

    broken = run("upgrade", project, "broken", **env)
    after_broken = (sql("SELECT kind FROM operations_heartbeat"), git(project, "rev-parse", "HEAD"))
    unbuilt = run("upgrade", project, "good", FAKE_FAIL="^compose build", **env)
    after_unbuilt = git(project, "rev-parse", "HEAD")
    (tmp_path / "docker.log").unlink()
    good = run("upgrade", project, "good", **env)

    assert prepared.returncode == 0
    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "The former version runs again" in broken.stdout
    assert after_broken == ("web", former)
    assert (unbuilt.returncode, after_unbuilt) == (1, former)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "does not exist" in sql("SELECT kind FROM operations_heartbeat")
    assert sql("SELECT process FROM operations_heartbeat") == "kept"
    calls = (tmp_path / "docker.log").read_text().splitlines()
    order = ["manage.py backup", "compose build", "compose stop", "TEMPLATE ccd", "rm -T prepare"]
    order += ["check --deploy", "migrate --check", "up -d --wait"]
    found = [next(n for n, call in enumerate(calls) if each in call) for each in order]
    assert found == sorted(found), calls
