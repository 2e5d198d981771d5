"""A full disk and a wrong clock: nothing is half received, and it is seen at once."""

import contextlib
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from hackathon.event.editions.enums import LatePolicy
from submissions.enums import Punctuality
from submissions.models import Submission
from submissions.receipts.rules import is_genuine
from submissions.versions.rules import punctuality_of
from submissions.versions.selectors import period_of
from teams.models import Team
from tests.database import template_file
from tests.fork_server import ForkServer
from tests.operations.night import on_small_disk
from tests.static_files import static_files
from tests.submissions.tus import servers
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.wire import BODY, Tus, content, metadata
from tests.tokens import make_token


@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_everything_is_still_readable_and_nothing_is_half_received():
    if os.geteuid() != 0:  # the same test, as root of a user namespace
        again = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-m", "pytest"]
        done = subprocess.run(
            [*again, "-q", "-n0", f"{__file__}::{ON_A_FULL_DISK}"], capture_output=True
        )
        assert done.returncode == 0, done.stdout.decode()
        return
    with on_small_disk("40m") as disk, contextlib.ExitStack() as stack:
        env = {
            "CCD_DATA_DIR": str(disk),
            "CCD_DATABASE_URL": f"sqlite:///{disk}/site.sqlite3",
            "CCD_DISK_RESERVE": "0",
            "CCD_SECRET_KEY": "k" * 60,
            "CCD_DEBUG": "0",
            "CCD_STATIC_ROOT": str(static_files()),
        }
        forks = stack.enter_context(contextlib.closing(ForkServer(servers.environment(**env))))
        if (template := template_file()).exists():  # not in a run on PostgreSQL alone
            shutil.copyfile(template, disk / "site.sqlite3")
        else:
            forks.manage("migrate", "-v0")
        token, deliverable = forks.manage("shell", "-v0", "-c", PREPARED).split()[-2:]
        site = stack.enter_context(servers.process(forks, **env))
        headers = {"Authorization": f"Token {token}"}
        browser = stack.enter_context(
            httpx.Client(base_url=site.url, headers=headers, trust_env=False, timeout=60)
        )
        tus = stack.enter_context(Tus(site.url, token))
        begun = {"upload_metadata": metadata(deliverable=deliverable, filename="dossier.pdf")}
        large = content(3_000_000)
        cut = tus.post(large[:HALF], content_type=BODY, upload_length=str(len(large)), **begun)
        url = cut.headers["Location"]
        read = [browser.get("/api/v1/deliverables/").status_code]

        _fill(disk)
        body = {"deliverable": deliverable}
        file = {"file": ("dossier.pdf", b"%PDF-1.7 " + os.urandom(2000))}
        form = browser.post("/api/v1/submissions/", data=body, files=file)
        read += [browser.get("/").status_code, browser.get("/recus/").status_code]
        read += [browser.get("/api/v1/deliverables/").status_code for _ in range(5)]
        transfer = tus.post(upload_length="9000", **begun)
        no_room = tus.patch(url, HALF, large[HALF:])

        (disk / "filler").unlink()
        kept = tus.offset(url)
        ended = tus.patch(url, kept, large[kept:])
        after = browser.post("/api/v1/submissions/", data=body, files=file)
        versions = browser.get("/api/v1/deliverables/").json()[0]["submissions"]
        forks.manage("check-deposits")  # fails if anything is wrong

    assert set(read) == {200}, read
    assert (form.status_code, form.json()["code"]) == (507, "storage_full"), form.text
    assert "prévenez un organisateur" in form.json()["detail"]
    assert transfer.status_code == 507, transfer.text
    assert no_room.status_code == 507, no_room.text
    assert HALF <= kept < len(large)
    assert "Receipt-Code" in ended.headers, ended.text
    assert (after.status_code, len(versions)) == (201, 2), after.text


HALF = 1_500_000
PREPARED = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from submissions.models import Deliverable
from teams.models import Membership, Team
now = timezone.now()
edition = Edition.objects.create(slug="e", name="E", school="S", client="C", is_current=True,
    registration_opens_at=now - timedelta(days=2), registration_closes_at=now - timedelta(days=1),
    starts_at=now - timedelta(hours=5), deadline_at=now + timedelta(hours=2),
    judging_opens_at=now + timedelta(hours=3))
department = Department.objects.create(edition=edition, code="D", name="D", position=1)
asked = Deliverable.objects.create(department=department, name="D", kind="file", formats=["pdf"],
    max_bytes=10_000_000, position=1)
user = User.objects.create_user("a@example.org", "secret-of-tests", name="A")
team = Team.objects.create(edition=edition, department=department, name="T", registered_at=now)
Membership.objects.create(edition=edition, team=team, user=user, is_captain=True, joined_at=now)
call_command("token", "a@example.org")
print(asked.pk)
"""
ON_A_FULL_DISK = "test_on_a_full_disk_everything_is_still_readable_and_nothing_is_half_received"


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            for size in (1_000_000, 4096, 512):
                while filler.write(b"\0" * size) == size:
                    pass
        except OSError:
            pass
    with (disk / "filler").open("ab", buffering=0) as filler:
        try:
            while filler.write(b"\0" * 512):
                pass
        except OSError:
            pass


# ---------------------------------------------------------------- the clock


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_process_whose_clock_is_wrong_by_30_seconds_says_so(edition, comunik, dossier, ada):
    """It decides wrongly, as docs/operations.md says: so it must be seen at once. Only the last 30
    seconds are concerned, and each receipt says what was decided.
    """
    forks, file = servers.forks(), content(9000)
    forks.offset = 30.0
    try:
        process = servers.Process(forks=forks)
        process.start()
    finally:
        forks.offset = 0.0
    try:
        ready = httpx.get(f"{process.url}/readyz", trust_env=False, timeout=60).json()
        with Tus(process.url, make_token(ada)) as tus:
            move_deadline(edition, timedelta(minutes=30))
            early = tus.begin(dossier, len(file), file)
            marks = [_mark_of(comunik, early)]
            # By the clock of the database there are 15 seconds left.
            move_deadline(edition, timedelta(seconds=15), grace=timedelta(0))
            refused = tus.begin(dossier, len(file))
            edition.late_policy = LatePolicy.ACCEPT
            edition.save()
            late = tus.begin(dossier, len(file), file)
            marks.append(_mark_of(comunik, late))
    finally:
        process.stop()

    assert "clock" in ready["degraded"], ready
    clock = ready["checks"]["clock"]
    skew_ms = int(clock["error"].partition(" ms")[0])
    # A measurement is as inexact as it is long.
    assert abs(skew_ms - 30_000) <= 50 + clock["ms"], ready
    assert (refused.status_code, refused.json()["code"]) == (422, "deadline_passed")
    assert marks == [Punctuality.ON_TIME, Punctuality.LATE]


def _mark_of(team: Team, answer: httpx.Response) -> Punctuality:
    """By the receipt of the answer and the period of this moment."""
    found = Submission.objects.get(receipt__code=answer.headers["Receipt-Code"])
    assert is_genuine(found.receipt)
    return punctuality_of(period_of(team), begun_at=found.begun_at, received_at=found.received_at)
