"""Everything fails once, while a rehearsal runs: no deposit is lost or wrongly marked.

The short form kills one of two processes of each kind, and everything else once. The long one
(`make test-full`) starts every service, most of them twice, and kills each of them whole.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
import pytest

from hackathon.accounts.models import User
from hackathon.editions.enums import LatePolicy
from hackathon.editions.models import Edition
from submissions.deposits.rules import punctuality_of
from submissions.deposits.selectors import period_of
from submissions.enums import Punctuality
from submissions.models import Deliverable, Submission
from submissions.receipts.rules import is_genuine
from teams.models import Team
from tests import services
from tests.fork_server import ForkServer
from tests.operations import compose
from tests.operations.clamd import clamd
from tests.operations.faults import Faults
from tests.operations.night import SECOND, Night, numbers, on_small_disk, requests
from tests.static_files import static_files
from tests.submissions.tus import servers
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.wire import BODY, Tus, content, metadata
from tests.tokens import make_token
from tests.waiting import wait_until

# Of the requests: those without an answer and those with an error of the server. In the short event
# each failure is a larger part of it.
SHORT_SHARE, LONG_SHARE = 0.25, 0.05


@pytest.fixture(autouse=True)
def _servers_are_there() -> None:
    if not services.postgres_bin() or not services.redis_bin() or not services.nginx_bin():
        pytest.skip("PostgreSQL, Redis or nginx is not installed")


@dataclass(frozen=True)
class Seen:
    """What people saw, from the report of the rehearsal."""

    text: str

    @property
    def counted(self) -> dict[str, int]:
        return numbers(self.text.strip().splitlines()[-1])

    def assert_nothing_is_lost(self, night: Night, *commands: str) -> None:
        found = self.counted
        assert found["sent"] > 0, self.text
        assert (found["lost"], found["wrong"]) == (0, 0), self.text
        assert found["received"] >= found["sent"], self.text
        for command in commands:
            done = night.manage(command)
            assert done.returncode == 0, done.stdout + done.stderr

    def assert_few_requests_failed(self, share: float) -> None:
        assert self.counted["errors"] <= share * requests(self.text), self.text

    def assert_all_errors_say_try_again(self) -> None:
        found = re.findall(r"^  error: .* (\d+|no answer)$", self.text, re.MULTILINE)
        assert set(found) <= {"502", "503", "504", "no answer"}, self.text


def rows(night: Night, query: LiteralString) -> list[Any]:
    with psycopg.connect(night.env["CCD_DATABASE_URL"], autocommit=True) as database:
        return database.execute(query).fetchall()


INSPECTED = """
    SELECT sha256, health <> 'pending', (
        SELECT count(*) FROM core_livemessage
        WHERE type = 'submission.inspected' AND (data->>'submission')::int = submission_id
    )
    FROM submissions_inspection JOIN submissions_submission s ON s.id = submission_id
"""


@pytest.mark.postgres
def test_a_short_event_in_which_processes_and_servers_fail(tmp_path: Path) -> None:
    """The second process that serves sockets, the second of two web workers, and so on, take what
    the first one did. Redis is away at the deadline.
    """
    names = ("web-a", "live", "live-2", "uploads", "worker", "beat")
    with (
        clamd() as scanner,
        Night(tmp_path, *names, CCD_WEB_WORKERS="2", CCD_CLAMAV=scanner.address).running() as night,
    ):
        cut: list[str] = []

        def database_crashes() -> None:
            night.database.stop(signal.SIGQUIT)
            night.database.start()

        def proxy_restarts() -> None:
            night.stop_proxy()
            night.start_proxy()

        def inspections_wait() -> None:
            scanner.silent = True

        def inspected(sha256: str) -> list[Any]:
            return next(found for key, *found in rows(night, INSPECTED) if key == sha256)

        def workers_die_in_them() -> None:
            cut.extend(scanner.let_go())
            night.services["worker"].kill_children()
            wait_until(lambda: all(inspected(each)[0] for each in cut))

        text = night.rehearse(
            {
                0.1: inspections_wait,
                0.2: night.services["uploads"].kill_child,
                0.22: night.services["live"].kill,
                0.24: night.services["beat"].kill,
                0.26: night.services["web-a"].kill_child,
                0.3: workers_die_in_them,
                0.35: night.services["live"].start,
                0.36: night.services["beat"].start,
                0.4: proxy_restarts,
                0.52: database_crashes,
                0.58: night.redis.kill,  # the deadline is at 0.6
                0.66: night.redis.start,
            },
            minutes=0.5,
            teams=5,
            size=300_000,
        )

        seen = Seen(text)
        seen.assert_nothing_is_lost(night, "check-deposits")
        seen.assert_few_requests_failed(SHORT_SHARE)
        assert [inspected(each) for each in cut] == [[True, 1]] * len(cut)
        assert all(scanner.scanned.count(each) > 1 for each in cut)
        kinds = rows(night, "SELECT DISTINCT kind FROM operations_heartbeat ORDER BY kind")
        assert [kind for (kind,) in kinds] == ["beat", "live", "uploads", "web", "worker"]
        assert all((tmp_path / f"{name}.beat").exists() for name in names)


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_long_event_in_which_each_service_is_killed(tmp_path: Path) -> None:
    """Two of each, as on two machines: one of them is killed, and stays away for a while. Redis is
    away for two minutes at the deadline.
    """
    twice = [name + SECOND for name in ("live", "uploads", "mail", "worker")]
    minutes = 6
    faults = Faults(tmp_path / "nginx" / "access.log")
    with Night(tmp_path, *compose.site_services(), *twice, gives_way=True).running() as night:
        scenes = {
            0.5: faults.named("proxy restarted", night.stop_proxy),
            0.505: night.start_proxy,
            0.55: faults.named("database crashed", lambda: night.database.stop(signal.SIGQUIT)),
            0.56: night.database.start,
            0.58: faults.named("Redis away, deadline", night.redis.kill),
            0.58 + 2 / minutes: faults.named("Redis back", night.redis.start),
        }
        for number, name in enumerate(night.services):
            service, at = night.services[name], 0.12 + 0.03 * number
            scenes[at] = faults.named(f"{name} killed", service.kill)
            # The next one is killed when this one serves again, however slow the machine is.
            scenes[at + 0.02] = service.start_and_wait

        text = night.rehearse(scenes, minutes=minutes, teams=20, size=3_000_000)
        print(text, faults.table(), sep="\n")

        seen = Seen(text)
        seen.assert_nothing_is_lost(night, "check-deposits", "verify-seal")
        seen.assert_few_requests_failed(LONG_SHARE)
        seen.assert_all_errors_say_try_again()
        # What Redis forgot is asked for again two minutes later.
        wait_until(lambda: all(done for _, done, _ in rows(night, INSPECTED)), patience=400)
        assert {inspections for *_, inspections in rows(night, INSPECTED)} == {1}


# ---------------------------------------------------------------- the disk


@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_everything_is_still_readable_and_nothing_is_half_received() -> None:
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
from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from submissions.models import Deliverable
from teams.models import Membership, Team
call_command("migrate", verbosity=0)
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

WRONG_CLOCK = """
import sys, uvicorn
from datetime import timedelta
from tests.shifted_clock import shift
import hackathon.asgi
shift(timedelta(seconds=float(sys.argv[2])))
uvicorn.run(hackathon.asgi.application, port=int(sys.argv[1]), log_level="warning")
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_process_whose_clock_is_wrong_by_30_seconds_says_so(
    edition: Edition, comunik: Team, dossier: Deliverable, ada: User
) -> None:
    """It decides wrongly, as docs/operations.md says: so it must be seen at once. Only the last 30
    seconds are concerned, and each receipt says what was decided.
    """
    port = services.free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", WRONG_CLOCK, str(port), "30"],
        cwd=compose.ROOT,
        env=servers.environment(CCD_DEBUG="1"),
    )
    url = f"http://127.0.0.1:{port}"
    file = content(9000)
    try:
        wait_until(lambda: _answers(url))
        ready = httpx.get(f"{url}/readyz", trust_env=False, timeout=60).json()
        with Tus(url, make_token(ada)) as tus:
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
        process.terminate()
        process.wait(60)

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


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False
