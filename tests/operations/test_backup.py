import io
import re
import shlex
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Department, Edition
from hackathon.run.operations.backup import services as backups
from submissions.budget import rules as budget_rules
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Submission, Upload
from submissions.seals import services as seals
from submissions.storage import deposits_storage
from teams.models import Team
from tests.conftest import make_team, make_user
from tests.database import template_file
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
def another(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    made: list[str] = []

    def make(*, migrated: bool = False) -> Installation:
        data = tmp_path / f"data-{uuid.uuid4().hex[:8]}"
        data.mkdir()
        if connection.vendor == "sqlite":
            if migrated:
                shutil.copyfile(template_file(), data / "db.sqlite3")
            return Installation(data, f"sqlite:///{data / 'db.sqlite3'}")
        made.append(f"restored_{uuid.uuid4().hex[:12]}")
        its = connection.settings_dict
        template = (migrated and its["TEST"]["TEMPLATE"]) or "template1"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {template}")
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
    reach the limit of versions. No process opens their files: it would take longer than a deposit.
    """
    monkeypatch.setattr(budget_rules, "VERSIONS_MAX", 10**6)
    monkeypatch.setattr(deposits, "inspect", SimpleNamespace(delay=lambda _pk: None))
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
    world, edition, night, another, passphrase, tmp_path
):
    seals.make_due(edition, at=clock.now())
    begin_upload(*night)
    directory = tmp_path / "backups"
    target = another(migrated=True)  # as docker-compose.yml does first
    with Deposits(*night) as handing_in:
        handing_in.wait_for(10)
        backup(directory, passphrase=passphrase)
        handing_in.wait_for(5)
        before = list(handing_in.receipts)  # a person holds these
        backup(directory, passphrase=passphrase)
        handing_in.wait_for(5)

    restored = target.manage("restore", directory, "--passphrase-file", passphrase)

    assert restored.returncode == 0, restored.stdout + restored.stderr
    kept = set(target.column("SELECT code FROM submissions_receipt"))
    assert set(before) <= kept
    assert len(kept) < Submission.objects.count()  # some came after the backup
    assert "aucun défaut" in restored.stdout
    assert "Conforme" in restored.stdout
    assert "1 uploads that were in progress begin again" in restored.stdout
    assert target.column("SELECT count(*) FROM submissions_upload WHERE submission_id IS NULL") == [
        0
    ]
    again = target.manage("check-deposits")  # with the key of the backup
    assert again.returncode == 0, again.stdout
    assert_files_that_came_later_are_found(target)


def begin_upload(deliverable: Deliverable, teams: list[Team]) -> None:
    now = clock.now()
    Upload.objects.create(
        team=teams[0],
        deliverable=deliverable,
        begun_by=teams[0].memberships.get().user,
        length=10,
        begun_at=now,
        whole_at=now - timedelta(hours=1),
        expires_at=now + timedelta(days=1),
    )


def assert_files_that_came_later_are_found(target: Installation) -> None:
    """In the old volume, with the command of the runbook, in the directories of this test."""
    kept = set(target.column("SELECT file FROM submissions_submission WHERE file <> ''"))
    (copy,) = re.findall(r"ccd:latest (cp .*)", RUNBOOK.read_text())
    old = deposits_storage().location
    copy = copy.replace("/old/deposits", str(old)).replace("/data/", f"{target.data}/")
    subprocess.run(shlex.split(copy), check=True)

    checked = target.manage("check-deposits")

    handed_in = Submission.objects.exclude(file="").values_list("file", flat=True)
    later = set(handed_in) - kept
    assert later
    assert checked.returncode == 1, checked.stdout
    assert all(name in checked.stdout for name in later)
    assert not any(name in checked.stdout for name in kept)


def test_a_second_backup_copies_only_what_is_new(night, tmp_path, monkeypatch):
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


def test_from_one_bucket_into_another_and_into_a_directory(
    store, s3_server, night, another, passphrase, tmp_path, settings, monkeypatch
):
    bucket = {"BACKEND": "submissions.storage_s3.DepositBucket", "OPTIONS": store.options}
    settings.STORAGES = {**settings.STORAGES, "deposits": bucket}
    monkeypatch.setattr(Submission._meta.get_field("file"), "storage", deposits_storage())
    with Deposits(*night) as handing_in:
        handing_in.wait_for(4)
    empty, in_bucket, in_directory = Store(s3_server), another(), another()

    backup(tmp_path / "backups", passphrase=passphrase)
    arguments = ("restore", tmp_path / "backups", "--passphrase-file", passphrase)
    first = in_bucket.manage(*arguments, **empty.environment)
    second = in_directory.manage(*arguments)

    kept = Submission.objects.count()
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    found = empty.client.list_objects_v2(Bucket=empty.bucket)["Contents"]
    assert len(found) == len(in_directory.files()) == kept
    assert in_bucket.files() == []


@pytest.mark.database
def test_nothing_is_restored_over_something(world, tmp_path):
    backup(tmp_path / "backups")

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(tmp_path / "backups"), stderr=io.StringIO())

    assert Submission.objects.count() == 1


def test_an_administrator_made_by_install_prevents_a_restore(tmp_path):
    """So the runbook installs a machine without one."""
    User.objects.create_superuser("school@example.org", name="Administration")
    backup(tmp_path / "backups")

    with pytest.raises(CommandError, match="made without CCD_ADMIN"):
        call_command("restore", str(tmp_path / "backups"), stderr=io.StringIO())

    lost = RUNBOOK.read_text().split("### The machine is lost")[1].split("###")[0]
    assert "**no** `CCD_ADMIN`" in lost


def test_the_settings_are_shown_only_with_the_passphrase(world, passphrase, tmp_path):
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
        (_damage_dump, "dump of the database in the backup is damaged"),
        (_forget_passphrase, "not the passphrase"),
    ],
)
def test_a_damaged_backup_is_not_restored(spoil, says, world, passphrase, tmp_path, settings):
    directory, here = tmp_path / "backups", Installation(settings.DATA_DIR, "")
    backup(directory, passphrase=passphrase)
    spoil(directory, passphrase)
    # As a new installation: without rows and files, with another key.
    call_command("flush", interactive=False, verbosity=0)
    for name in here.files():
        (here.data / name).unlink()
    settings.SECRET_KEY = "of another installation"

    with pytest.raises(CommandError, match=rf"{says}[^\n]*\nNothing was restored"):
        call_command("restore", str(directory), f"--passphrase-file={passphrase}")

    assert here.files() == []
    assert not User.objects.exists()


FAILING = """
from pathlib import Path
from django.core.management import CommandError, call_command
from django.db import connection
from hackathon.run.operations.backup import files
put_back, done = files.put_back, []
def failing(kept, pool):
    if len(done) == 2: raise OSError('No space left on device')
    done.append(kept); put_back(kept, pool)
files.put_back = failing
arguments = ('restore', {directory!r}, '--passphrase-file={passphrase}')
try:
    call_command(*arguments)
except CommandError as error:
    print(error)
names = ('deposits', 'attachments', 'previews')
left = [path for name in names for path in Path({data!r}, name).rglob('*') if path.is_file()]
print('left:', connection.introspection.table_names(), left)
print('key:', Path({data!r}, 'secret-key').read_text())
files.put_back = put_back
call_command(*arguments)
"""


@pytest.mark.database
def test_a_restore_that_fails_in_the_middle_leaves_nothing(
    world, edition, another, passphrase, tmp_path
):
    """And so may be repeated."""
    directory, target = tmp_path / "backups", another()
    seals.make_due(edition, at=clock.now())
    backup(directory, passphrase=passphrase)
    (target.data / "secret-key").write_text("of this installation")
    code = FAILING.format(directory=str(directory), passphrase=passphrase, data=str(target.data))

    done = target.manage("shell", "-v0", "-c", code)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No space left on device\nNothing was restored.\nleft: [] []\n" in done.stdout
    assert "key: of this installation\n" in done.stdout
    assert "Restored: " in done.stdout
    assert (target.data / "secret-key").read_text() == settings.SECRET_KEY
