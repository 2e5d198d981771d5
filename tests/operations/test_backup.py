import io
import re
import shlex
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.editions.models import Department, Edition
from hackathon.operations.backup import services as backups
from submissions.budget import rules as budget_rules
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Submission, Upload
from submissions.seals import services as seals
from submissions.storage import deposits_storage
from teams.models import Team
from tests.addresses import World
from tests.conftest import make_team, make_user
from tests.operations import compose
from tests.operations.installations import Deposits, Installation
from tests.submissions.conftest import s3_server, store
from tests.submissions.s3 import Store

# Those without `database` end before they reach the database, or are about buckets.
pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["s3_server", "store"]  # fixtures
RUNBOOK = compose.ROOT / "docs" / "operations" / "runbook.md"
PASSPHRASE = "the cat sleeps on the server"


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[[], Installation]]:
    made: list[str] = []

    def make() -> Installation:
        data = tmp_path / f"data-{uuid.uuid4().hex[:8]}"
        data.mkdir()
        if connection.vendor == "sqlite":
            return Installation(data, f"sqlite:///{data / 'db.sqlite3'}")
        made.append(f"restored_{uuid.uuid4().hex[:12]}")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {made[-1]}")
        its = connection.settings_dict
        url = f"postgres://{its['USER']}@{its['HOST']}:{its['PORT']}/{made[-1]}"
        return Installation(data, url)

    yield make
    with connection.cursor() as cursor:
        for name in made:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    return file


@pytest.fixture
def night(eve: User, monkeypatch: pytest.MonkeyPatch) -> tuple[Deliverable, list[Team]]:
    """An edition that goes on: six teams may hand in now. However long a backup takes, they do not
    reach the limit of versions.
    """
    monkeypatch.setattr(budget_rules, "VERSIONS_MAX", 10**6)
    now = clock.now()
    edition = Edition.objects.create(
        slug="tonight",
        name="Cette nuit",
        registration_opens_at=now - timedelta(days=2),
        registration_closes_at=now - timedelta(days=1),
        starts_at=now - timedelta(hours=5),
        deadline_at=now + timedelta(hours=5),
        judging_opens_at=now + timedelta(hours=6),
    )
    department = Department.objects.create(edition=edition, code="GEA", name="GEA")
    deliverable = Deliverable.objects.create(
        department=department, name="Film", kind=DeliverableKind.FILE, formats=["pdf"]
    )
    teams = [
        make_team(department, f"Équipe {n}", make_user(f"night{n}@example.org")) for n in range(6)
    ]
    return deliverable, teams


def backup(directory: Path, *, passphrase: Path | None = None) -> str:
    output = io.StringIO()
    more = [f"--passphrase-file={passphrase}"] if passphrase else []
    call_command("backup", str(directory), *more, stdout=output, stderr=sys.stderr)
    return output.getvalue()


@pytest.mark.database
def test_a_backup_under_load_restores_every_receipt_and_seal(
    world: World,
    edition: Edition,
    night: tuple[Deliverable, list[Team]],
    another: Callable[[], Installation],
    passphrase: Path,
    tmp_path: Path,
) -> None:
    seals.make_due(edition, at=clock.now())
    directory, target = tmp_path / "backups", another()
    with Deposits(*night) as handing_in:
        handing_in.wait_for(10)
        backup(directory, passphrase=passphrase)
        handing_in.wait_for(5)
        before = list(handing_in.receipts)  # a person holds these
        backup(directory, passphrase=passphrase)
        handing_in.wait_for(5)

    migrated = target.manage("migrate", "-v0")  # as docker-compose.yml does first
    restored = target.manage(
        "restore",
        directory,
        "--passphrase-file",
        passphrase,
        CCD_SITE_URL="https://new.example.org",
    )

    assert migrated.returncode == 0, migrated.stderr
    assert restored.returncode == 0, restored.stdout + restored.stderr
    kept = set(target.query("*Receipt.objects.values_list('code', flat=True)").split())
    assert set(before) <= kept
    assert len(kept) < Submission.objects.count()  # some came after the backup
    assert "aucun défaut" in restored.stdout
    assert "Conforme" in restored.stdout
    again = target.manage("check-deposits")
    assert again.returncode == 0, again.stdout


def test_a_second_backup_copies_only_what_is_new(
    night: tuple[Deliverable, list[Team]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Deposits(*night) as handing_in:
        handing_in.wait_for(5)
    backup(tmp_path / "backups")
    read: list[str] = []
    opened = deposits_storage().open
    monkeypatch.setattr(
        type(deposits_storage()), "open", lambda _self, name, *a: read.append(name) or opened(name)
    )

    printed = backup(tmp_path / "backups")

    assert read == []
    assert "0 bytes copied" in printed
    assert len(backups.made_in(tmp_path / "backups")) == 2


def test_uploads_in_progress_begin_again(
    night: tuple[Deliverable, list[Team]],
    another: Callable[[], Installation],
    passphrase: Path,
    tmp_path: Path,
) -> None:
    deliverable, (team, *_others) = night
    now = clock.now()
    Upload.objects.create(
        team=team,
        deliverable=deliverable,
        begun_by=team.memberships.get().user,
        length=10,
        begun_at=now,
        whole_at=now - timedelta(hours=1),
        expires_at=now + timedelta(days=1),
    )
    target = another()
    backup(tmp_path / "backups", passphrase=passphrase)

    restored = target.manage("restore", tmp_path / "backups", "--passphrase-file", passphrase)

    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "1 uploads that were in progress" in restored.stdout
    assert target.query("Upload.objects.count()") == "0"


def test_from_one_bucket_into_another_and_into_a_directory(
    store: Store,
    s3_server: str,
    night: tuple[Deliverable, list[Team]],
    another: Callable[[], Installation],
    passphrase: Path,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bucket = {"BACKEND": "submissions.storage_s3.DepositBucket", "OPTIONS": store.options}
    settings.STORAGES = {**settings.STORAGES, "deposits": bucket}
    monkeypatch.setattr(Submission._meta.get_field("file"), "storage", deposits_storage())
    with Deposits(*night) as handing_in:
        handing_in.wait_for(4)
    empty, in_bucket, in_directory = Store(s3_server), another(), another()

    backup(tmp_path / "backups", passphrase=passphrase)
    arguments = ("restore", tmp_path / "backups", "--passphrase-file", passphrase)
    first = in_bucket.manage(*arguments, **empty.environment)
    again = in_bucket.manage(*arguments, **empty.environment)
    second = in_directory.manage(*arguments)

    kept = Submission.objects.count()
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert again.returncode == 1
    found = empty.client.list_objects_v2(Bucket=empty.bucket)["Contents"]
    assert len(found) == len(in_directory.files()) == kept
    assert in_bucket.files() == []


@pytest.mark.database
def test_nothing_is_restored_over_something(world: World, tmp_path: Path) -> None:
    backup(tmp_path / "backups")

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(tmp_path / "backups"), stderr=io.StringIO())

    assert Submission.objects.count() == 1


def test_an_administrator_made_by_install_prevents_a_restore(tmp_path: Path) -> None:
    """So the runbook installs a machine without one."""
    User.objects.create_superuser("school@example.org", name="Administration")
    backup(tmp_path / "backups")

    with pytest.raises(CommandError, match="made without CCD_ADMIN"):
        call_command("restore", str(tmp_path / "backups"), stderr=io.StringIO())

    lost = RUNBOOK.read_text().split("### The machine is lost")[1].split("###")[0]
    assert "**no** `CCD_ADMIN`" in lost


def test_files_that_came_after_the_backup_are_found_in_the_old_volume(
    night: tuple[Deliverable, list[Team]],
    another: Callable[[], Installation],
    passphrase: Path,
    tmp_path: Path,
) -> None:
    """With the command of the runbook, in the directories of this test."""
    target, old = another(), Path(deposits_storage().location)
    with Deposits(*night) as handing_in:
        handing_in.wait_for(3)
        backup(tmp_path / "backups", passphrase=passphrase)
        handing_in.wait_for(3)
    restored = target.manage("restore", tmp_path / "backups", "--passphrase-file", passphrase)
    kept = set(target.query("*Submission.objects.values_list('file', flat=True)").split())
    (copy,) = re.findall(r"ccd:latest (cp .*)", RUNBOOK.read_text())
    copy = copy.replace("/old/deposits", str(old)).replace("/data/", f"{target.data}/")

    subprocess.run(shlex.split(copy), check=True)
    checked = target.manage("check-deposits")

    later = set(Submission.objects.values_list("file", flat=True)) - kept
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert later
    assert checked.returncode == 1, checked.stdout
    assert all(name in checked.stdout for name in later)
    assert not any(name in checked.stdout for name in kept)


def test_the_settings_are_shown_only_with_the_passphrase(
    world: World, passphrase: Path, tmp_path: Path
) -> None:
    directory, output = tmp_path / "backups", io.StringIO()
    backup(directory, passphrase=passphrase)
    wrong = tmp_path / "wrong"
    wrong.write_text("the dog sleeps on the server")

    call_command(
        "restore",
        str(directory),
        f"--passphrase-file={passphrase}",
        "--show-settings",
        stdout=output,
    )

    assert settings.SECRET_KEY in output.getvalue().replace("'\"'\"'", "'")
    with pytest.raises(CommandError, match="not the passphrase"):
        call_command("restore", str(directory), f"--passphrase-file={wrong}", "--show-settings")
    everything = b"".join(p.read_bytes() for p in directory.rglob("*") if p.is_file())
    assert settings.SECRET_KEY.encode() not in everything
    assert all(p.stat().st_mode & 0o077 == 0 for p in [directory, *directory.glob("*/secrets.enc")])


# ---------------------------------------------------------------- a restore that fails


def _damage_file(directory: Path, _passphrase: Path) -> None:
    """Of a deposit."""
    file = next(path for path in (directory / "files").rglob("*") if path.is_file())
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def _lose_file(directory: Path, _passphrase: Path) -> None:
    next(path for path in (directory / "files").rglob("*") if path.is_file()).unlink()


def _damage_dump(directory: Path, _passphrase: Path) -> None:
    (dump,) = directory.glob("2*/database.*")
    dump.write_bytes(dump.read_bytes()[:-100])


def _forget_passphrase(_directory: Path, passphrase: Path) -> None:
    passphrase.write_text("something quite different")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_damage_file, "is damaged"),
        (_lose_file, "lacks"),
        pytest.param(
            _damage_dump,
            "dump of the database in the backup is damaged",
            marks=pytest.mark.database,
        ),
        (_forget_passphrase, "not the passphrase"),
    ],
)
def test_a_restore_that_fails_leaves_nothing(
    spoil: Callable[[Path, Path], None],
    says: str,
    world: World,
    another: Callable[[], Installation],
    passphrase: Path,
    tmp_path: Path,
) -> None:
    directory, target = tmp_path / "backups", another()
    backup(directory, passphrase=passphrase)
    spoil(directory, passphrase)

    restored = target.manage("restore", directory, "--passphrase-file", passphrase)

    assert restored.returncode == 1
    assert says in restored.stderr
    assert "Nothing was restored." in restored.stderr
    assert target.files() == []


@pytest.mark.database
def test_a_restore_that_fails_in_the_middle_leaves_nothing(
    world: World,
    edition: Edition,
    another: Callable[[], Installation],
    passphrase: Path,
    tmp_path: Path,
) -> None:
    directory, target = tmp_path / "backups", another()
    seals.make_due(edition, at=clock.now())
    backup(directory, passphrase=passphrase)
    target.manage("check")  # makes its key
    key = (target.data / "secret-key").read_text()
    code = (
        "from hackathon.operations.backup import files\n"
        "from django.core.management import call_command\n"
        "put_back, done = files.put_back, []\n"
        "def failing(kept, pool):\n"
        "    if len(done) == 2: raise OSError('No space left on device')\n"
        "    done.append(kept); put_back(kept, pool)\n"
        "files.put_back = failing\n"
        f"call_command('restore', {str(directory)!r}, '--passphrase-file={passphrase}')"
    )

    failed = target.manage("shell", "-v0", "-c", code)

    assert failed.returncode != 0
    assert "No space left on device\nNothing was restored." in failed.stderr
    assert target.files() == []
    assert (target.data / "secret-key").read_text() == key
    assert target.query("connection.introspection.table_names()") == "[]"
    restored = target.manage("restore", directory, "--passphrase-file", passphrase)
    assert restored.returncode == 0, restored.stdout + restored.stderr
