"""Databases of earlier versions: upgraded, or refused before anything is changed."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from hackathon.run.operations import migrated
from tests.operations import compose
from tests.submissions.tus.servers import environment

UPGRADES = Path(__file__).parent / "upgrades"


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'db.sqlite3'}"
        return
    name, its = f"upgraded_{uuid.uuid4().hex[:12]}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"postgres://{its['USER']}@{its['HOST']}:{its['PORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("left_by", sorted(path.stem for path in UPGRADES.glob("*.json")))
@pytest.mark.parametrize("extras", [{}, {"CCD_EXTRAS": ""}], ids=["all extras", "the core alone"])
def test_data_of_an_earlier_version_are_upgraded(left_by, extras, empty_database, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.operations.upgrades.upgrade", left_by],
        env=environment(
            CCD_DATABASE_URL=empty_database,
            CCD_DATA_DIR=str(tmp_path),
            DJANGO_SETTINGS_MODULE="hackathon.settings",
            CCD_DEBUG="1",  # without collected static files
            **extras,
        ),
        cwd=compose.ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


@pytest.mark.django_db
def test_a_database_of_before_the_first_migrations_is_recognised():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE rehearsal_smallrehearsal RENAME TO of_then")

    with pytest.raises(
        CommandError, match=r"before 26 November 2026 \(table rehearsal_smallrehearsal\)"
    ):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db
def test_a_migration_that_nobody_has_any_more_is_recognised():
    recorder = MigrationRecorder(connection)
    recorder.record_applied("teams", "0007_of_then")
    newer = _refusal()
    recorder.record_unapplied("teams", "0002_student_listed_at")
    older = _refusal()

    assert "by a newer version of the site (teams.0007_of_then)" in newer
    assert "before 26 November 2026 (teams.0007_of_then)" in older


@pytest.mark.django_db
def test_a_database_of_this_version_is_not_refused():
    migrated.require_upgradable()


def _refusal() -> str:
    with pytest.raises(migrated.OtherDatabase) as refused:
        migrated.require_upgradable()
    return str(refused.value)
