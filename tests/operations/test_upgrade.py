"""deploy/upgrade. tests/operations/docker stands for docker."""

import contextlib
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests import services
from tests.migrated import migrated_postgres
from tests.operations import compose
from tests.operations.scripts import git, run

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
DATABASES = (
    "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname LIKE 'ccd%'"
)
HARMLESS = GOOD.replace("DROP COLUMN kind", "ADD COLUMN note text")


@pytest.fixture
def database() -> Iterator[services.Postgres]:
    """With a row."""
    if services.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    with services.Postgres(data=migrated_postgres()) as server:
        server.start()
        sql(
            server,
            "INSERT INTO operations_heartbeat"
            " (process, kind, at, clock_skew_ms, clock_error_ms, pages)"
            " VALUES ('kept', 'web', now(), 0, 0, '{}')",
        )
        yield server


def version(origin: Path, tag: str, migration: str) -> None:
    directory = origin / "hackathon" / "run" / "operations" / "migrations"
    last = max(path.stem for path in directory.glob("0*.py"))
    (directory / "0999_next.py").write_text(migration.replace("LAST", last))
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", tag)
    git(origin, "tag", tag)
    git(origin, "reset", "-q", "--hard", "HEAD^")


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This version, and others. What Python has compiled is copied too, and not in git."""
    origin = tmp_path_factory.mktemp("of-upgrades") / "origin"
    for name in ("hackathon", "judging", "submissions", "teams", "templates", "locale", "deploy"):
        shutil.copytree(compose.ROOT / name, origin / name)
    for name in ("manage.py", "pyproject.toml", "docker-compose.yml", ".gitignore"):
        shutil.copy(compose.ROOT / name, origin / name)
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", "v1")
    version(origin, "broken", BROKEN)
    version(origin, "good", GOOD)
    version(origin, "harmless", HARMLESS)
    return origin


@pytest.fixture
def project(versions: Path, tmp_path: Path) -> Path:
    """A clone, with the times of the files: else Python compiles them again."""
    project = shutil.copytree(versions, tmp_path / "project")
    git(project, "tag", "-d", "broken", "good", "harmless")
    git(project, "remote", "add", "origin", str(versions))
    git(project, "fetch", "-q", "--no-tags")
    git(project, "branch", "-q", "-u", "origin/main")
    return project


def variables(database: services.Postgres, tmp_path: Path) -> dict[str, str]:
    return {
        "FAKE_POSTGRES": str(database.port),
        "FAKE_PYTHON": sys.executable,
        "CCD_DATABASE_URL": database.url.replace("/postgres", "/ccd"),
        "CCD_DATA_DIR": str(tmp_path / "data"),
        "CCD_NODE_MODULES": str(compose.ROOT / "node_modules"),
    }


def sql(database: services.Postgres, text: str, name: str = "ccd") -> str:
    command = ["psql", "-h", "127.0.0.1", "-p", str(database.port), "-U", "ccd", "-qAtX"]
    done = subprocess.run([*command, "-d", name, "-c", text], capture_output=True, text=True)
    return done.stdout.strip() or done.stderr


@pytest.mark.postgres
def test_an_upgrade_whose_migration_fails_is_rolled_back_and_a_good_one_stays(
    database: services.Postgres, project: Path, tmp_path: Path
) -> None:
    former, env = git(project, "rev-parse", "HEAD"), variables(database, tmp_path)
    kind = "SELECT kind FROM operations_heartbeat"
    forgotten = psycopg.connect(env["CCD_DATABASE_URL"])  # somebody's psql

    broken = run("upgrade", project, "broken", **env)
    after_broken = (sql(database, kind), git(project, "rev-parse", "HEAD"))
    unbuilt = run("upgrade", project, "good", FAKE_FAIL="^compose build", **env)
    after_unbuilt = git(project, "rev-parse", "HEAD")
    (tmp_path / "docker.log").unlink()
    good = run("upgrade", project, "good", **env)
    forgotten.close()

    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "The former version runs again" in broken.stdout
    assert after_broken == ("web", former)
    assert (unbuilt.returncode, after_unbuilt) == (1, former)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "does not exist" in sql(database, kind)
    assert sql(database, "SELECT process FROM operations_heartbeat") == "kept"
    assert sql(database, DATABASES) == "ccd"
    calls = (tmp_path / "docker.log").read_text().splitlines()
    order = ["manage.py backup", "compose build", "compose stop", "TEMPLATE ccd", "-T prepare"]
    order += ["check --deploy", "migrate --check", "up -d --wait"]
    found = [next(n for n, call in enumerate(calls) if each in call) for each in order]
    assert found == sorted(found), calls


@pytest.mark.postgres
def test_what_people_write_after_the_start_is_kept_until_somebody_decides(
    database: services.Postgres, project: Path, tmp_path: Path
) -> None:
    former, env = git(project, "rev-parse", "HEAD"), variables(database, tmp_path)
    note = "INSERT INTO core_journalentry (at, act, target, detail) VALUES (now(), 'a', 'b', '{}')"
    acts = "SELECT count(*) FROM core_journalentry"

    def somebody_writes(line: str) -> None:
        if line.startswith("compose up -d --wait"):
            sql(database, note)

    with answering(tmp_path / "docker.socket", somebody_writes):
        at_start = {"FAKE_FAIL": "up -d --wait", "FAKE_SOCKET": str(tmp_path / "docker.socket")}
        failed = run("upgrade", project, "harmless", **at_start, **env)
    after_failed = (sql(database, acts), sql(database, DATABASES))
    last_call = (tmp_path / "docker.log").read_text().splitlines()[-1]
    back = run("upgrade", project, "--back", **env)

    assert failed.returncode == 2, failed.stdout + failed.stderr
    assert "deploy/upgrade --back" in failed.stdout
    assert after_failed == ("1", "ccd ccd_former")
    assert last_call == "compose up -d"  # the new version, as far as it can be started
    assert back.returncode == 0, back.stdout + back.stderr
    assert git(project, "rev-parse", "HEAD") == former
    assert (sql(database, acts), sql(database, acts, "ccd_failed")) == ("0", "1")


# ---------------------------------------------------------------- while people work


@contextlib.contextmanager
def answering(path: Path, does: Callable[[str], None]) -> Iterator[None]:
    """`docker compose stop` and `up` of the script call `does`, and wait for it."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        does(connection.recv(1000).decode())
                        connection.sendall(b"done")

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
        thread.join(60)
