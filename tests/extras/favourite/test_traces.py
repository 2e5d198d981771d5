"""What files of the database, its WAL and backups keep of votes."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hackathon.event.editions.models import Edition
from hackathon.extras.favourite import services
from hackathon.extras.favourite.models import Favourite, HasVoted, Tally
from hackathon.extras.favourite.rules import Voter
from hackathon.run.operations.backup.database import dumped
from teams.models import Team
from tests.extras.favourite.conftest import votes

pytestmark = pytest.mark.django_db(transaction=True)

VOTER = Voter("user:1")
IN_WAL = """
SELECT bool_or(position(convert_to(%(text)s, 'UTF8') IN pg_read_binary_file('pg_wal/' || name)) > 0)
FROM pg_ls_waldir() WHERE length(name) = 24
"""
FILE = "SELECT pg_relation_filenode(%(table)s::regclass)"
KINDS = """
SELECT string_agg(DISTINCT relpersistence::text, '') FROM pg_class
WHERE oid = %(table)s::regclass
OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %(table)s::regclass)
"""


def vote(favourite: Favourite, team: Team, voter: Voter = VOTER) -> str:
    services.vote(favourite=favourite, voter=voter, team=str(team.pk))
    return voter.digest(favourite)


def first_value(sql: str, **values: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchone()[0]


def test_after_the_closing_no_file_of_sqlite_has_a_voter_or_a_count(opened, pixels, act):
    if connection.vendor != "sqlite":
        pytest.skip("files of SQLite")
    name = str(connection.settings_dict["NAME"])
    files = [Path(name), Path(f"{name}-wal")]
    digest, count = vote(opened, pixels).encode(), f'"{pixels.pk}": 1'.encode()
    before = b"".join(file.read_bytes() for file in files)

    services.close(favourite=opened, **act)

    after = b"".join(file.read_bytes() for file in files)
    assert (digest in before, count in before) == (True, True)
    assert (digest in after, count in after) == (False, False)


def test_sqlite_overwrites_what_is_deleted():
    if connection.vendor != "sqlite":
        pytest.skip("an option of SQLite")
    assert first_value("PRAGMA secure_delete") == 1


@pytest.mark.postgres
def test_the_wal_of_postgresql_has_no_vote(opened, pixels, act):
    digest = vote(opened, pixels)
    services.close(favourite=opened, **act)
    Favourite.objects.update(title="a title that is in the WAL")

    def is_in_wal(text: str) -> bool:
        return bool(first_value(IN_WAL, text=text))

    assert is_in_wal("a title that is in the WAL")
    assert not is_in_wal(digest)


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["favourite_hasvoted", "favourite_tally"])
def test_tables_of_votes_and_their_indexes_are_unlogged_and_get_new_files_at_the_closing(
    opened, pixels, act, table
):
    vote(opened, pixels)
    before = first_value(FILE, table=table)

    services.close(favourite=opened, **act)

    assert first_value(KINDS, table=table) == "u"
    assert first_value(FILE, table=table) != before


@pytest.mark.postgres
@pytest.mark.system
def test_a_backup_has_no_vote(opened, pixels, tmp_path):
    digest = vote(opened, pixels)
    path = tmp_path / "database.dump"
    path.parent.chmod(0o755)

    with dumped(path):
        pass

    text = subprocess.run(["pg_restore", "-f", "-", path], capture_output=True, check=True).stdout
    assert b"Coup de c" in text
    assert digest.encode() not in text


@pytest.mark.database
def test_votes_of_another_edition_that_are_open_stay(opened, pixels, act):
    other = Edition.objects.get()
    other.pk, other.slug, other.is_current = None, "other", False
    other.save()
    kept = Favourite.objects.create(edition=other, title="Prix", opened_at=act["at"])
    HasVoted.objects.create(favourite=kept, voter="a" * 64)
    Tally.objects.create(favourite=kept, votes={"1": 1})
    vote(opened, pixels)

    services.close(favourite=opened, **act)

    assert [row.favourite_id for row in HasVoted.objects.all()] == [kept.pk]
    assert Tally.objects.get(favourite=kept).votes == {"1": 1}


@pytest.mark.database
def test_after_a_crash_has_emptied_both_tables_everybody_votes_again(opened, comunik, pixels, act):
    vote(opened, pixels)
    HasVoted.objects.all().delete()
    Tally.objects.all().delete()

    vote(opened, comunik)

    assert votes() == {str(comunik.pk): 1}
    services.close(favourite=opened, **act)
    assert Favourite.objects.get().voters == 1
