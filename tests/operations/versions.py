"""Two versions for deploy/upgrade, and what stops and starts the processes of a site."""

import contextlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.operations import compose
from tests.operations.scripts import git

MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    atomic = False
    dependencies = [("operations", "LAST")]
    operations = [migrations.RunSQL(text) for text in (STATEMENTS)]
"""
HARMLESS = "ALTER TABLE operations_heartbeat ADD COLUMN note text"


def commit_migration(clone: Path, *statements: str) -> None:
    directory = clone / "hackathon" / "run" / "operations" / "migrations"
    last = max(path.stem for path in directory.glob("0*.py"))
    text = MIGRATION.replace("LAST", last).replace("(STATEMENTS)", repr(statements))
    (directory / "0999_next.py").write_text(text)
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "next")


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This version, and another one. What Python has compiled is copied too, and not in git."""
    origin = tmp_path_factory.mktemp("of-upgrades") / "origin"
    for name in ("hackathon", "judging", "submissions", "teams", "templates", "locale", "deploy"):
        shutil.copytree(compose.ROOT / name, origin / name)
    for name in ("manage.py", "pyproject.toml", "docker-compose.yml", ".gitignore"):
        shutil.copy(compose.ROOT / name, origin / name)
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", "v1")
    commit_migration(origin, HARMLESS)
    git(origin, "tag", "harmless")
    git(origin, "reset", "-q", "--hard", "HEAD^")
    return origin


@pytest.fixture
def project(versions: Path, tmp_path: Path) -> Path:
    """A clone, with the times of the files: else Python compiles them again."""
    project = shutil.copytree(versions, tmp_path / "project")
    git(project, "tag", "-d", "harmless")
    git(project, "remote", "add", "origin", str(versions))
    git(project, "fetch", "-q", "--no-tags")
    git(project, "branch", "-q", "-u", "origin/main")
    return project


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
