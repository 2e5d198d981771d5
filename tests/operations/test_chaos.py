"""Everything fails once, while a rehearsal runs: no deposit is lost or wrongly marked.

The short form kills what a supervisor starts again, and everything else once. The long one
(`make test-full`) starts every service, and kills each of them whole.
"""

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hackathon.accounts.models import User
from hackathon.editions.models import Edition
from submissions.models import Deliverable
from teams.models import Team
from tests import services
from tests.operations import compose
from tests.operations.night import Night, numbers, on_small_disk
from tests.static_files import static_files
from tests.submissions.tus import servers
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.wire import Tus
from tests.tokens import make_token


@pytest.fixture(autouse=True)
def _servers_are_there() -> None:
    if not services.postgres_bin() or not services.redis_bin() or not services.nginx_bin():
        pytest.skip("PostgreSQL, Redis or nginx is not installed")


def assert_nothing_is_lost(night: Night, text: str, *commands: str) -> None:
    *_, verdict = text.strip().splitlines()
    found = numbers(verdict)
    assert found["sent"] > 0, text
    assert (found["lost"], found["wrong"]) == (0, 0), text
    assert found["received"] >= found["sent"], text
    for command in commands:
        done = night.manage(command)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.postgres
def test_a_short_event_in_which_processes_and_servers_fail(tmp_path: Path) -> None:
    names = ("web-a", "live", "uploads", "worker", "beat")
    with Night(tmp_path, *names, CCD_WEB_WORKERS="2").running() as night:

        def database_crashes() -> None:
            night.database.stop(signal.SIGQUIT)
            night.database.start()

        def proxy_restarts() -> None:
            night.stop_proxy()
            night.start_proxy()

        text = night.rehearse(
            {
                0.2: night.services["uploads"].kill_child,
                0.25: night.services["web-a"].kill_child,
                0.3: night.services["worker"].kill_child,
                0.35: night.services["live"].kill,
                0.36: night.services["live"].start,
                0.4: proxy_restarts,
                0.52: database_crashes,
                0.58: night.redis.kill,  # the deadline is at 0.6
                0.66: night.redis.start,
            },
            minutes=0.5,
            teams=5,
            size=300_000,
        )

        assert_nothing_is_lost(night, text, "check-deposits")


@pytest.mark.postgres
@pytest.mark.slow
def test_a_long_event_in_which_each_service_is_killed(tmp_path: Path) -> None:
    with Night(tmp_path, *compose.site_services()).running() as night:
        scenes: dict[float, Any] = {
            0.52: lambda: night.database.stop(signal.SIGQUIT),
            0.53: night.database.start,
            0.56: night.redis.kill,
            0.7: night.redis.start,
            0.45: night.stop_proxy,
            0.46: night.start_proxy,
        }
        for number, name in enumerate(night.services):
            at = 0.15 + 0.035 * number
            scenes |= {at: night.services[name].kill, at + 0.01: night.services[name].start}

        text = night.rehearse(scenes, minutes=4, teams=20, size=3_000_000)

        assert_nothing_is_lost(night, text, "check-deposits", "verify-seal")


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
    with on_small_disk("40m") as disk:
        env = {
            "CCD_DATA_DIR": str(disk),
            "CCD_DATABASE_URL": f"sqlite:///{disk}/site.sqlite3",
            "CCD_DISK_RESERVE": "0",
            "CCD_SECRET_KEY": "k" * 60,
            "CCD_DEBUG": "0",
            "CCD_STATIC_ROOT": str(static_files()),
        }
        made = _manage(env, "shell", "-v0", "-c", PREPARED)
        token, deliverable = made.split()[-2:]
        with servers.process(**env) as site:
            browser = httpx.Client(
                base_url=site.url,
                headers={"Authorization": f"Token {token}"},
                trust_env=False,
                timeout=60,
            )
            with browser:
                read = [browser.get("/api/v1/deliverables/").status_code]
                _fill(disk)
                body = {"deliverable": deliverable}
                file = {"file": ("dossier.pdf", b"%PDF-1.7 " + os.urandom(2000))}
                form = browser.post("/api/v1/submissions/", data=body, files=file)
                read += [browser.get("/").status_code, browser.get("/recus/").status_code]
                read += [browser.get("/api/v1/deliverables/").status_code for _ in range(5)]
                with Tus(site.url, token) as tus:
                    transfer = tus.post(upload_length="9000", upload_metadata=TUS_NAME)
                (disk / "filler").unlink()
                after = browser.post("/api/v1/submissions/", data=body, files=file)
                versions = browser.get("/api/v1/deliverables/").json()[0]["submissions"]

    assert set(read) == {200}, read
    assert (form.status_code, form.json()["code"]) == (507, "storage_full"), form.text
    assert "prévenez un organisateur" in form.json()["detail"]
    assert transfer.status_code == 507, transfer.text
    assert (after.status_code, len(versions)) == (201, 1), after.text


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
TUS_NAME = "deliverable MQ==,filename ZG9zc2llci5wZGY="  # 1, dossier.pdf


def _manage(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=compose.ROOT,
        env=servers.environment(**env),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


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
import sys, time, time_machine, uvicorn
from datetime import datetime, timedelta, UTC
offset = timedelta(seconds=float(sys.argv[2]))
import hackathon.asgi
time_machine.travel(datetime.now(UTC) + offset, tick=True).start()
uvicorn.run(hackathon.asgi.application, port=int(sys.argv[1]), log_level="warning")
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_process_whose_clock_is_wrong_by_30_seconds_says_so(
    edition: Edition, comunik: Team, dossier: Deliverable, ada: User
) -> None:
    """It decides wrongly, as docs/operations.md says: so it must be seen at once."""
    port = services.free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", WRONG_CLOCK, str(port), "30"],
        cwd=compose.ROOT,
        env=servers.environment(CCD_DEBUG="1"),
    )
    url = f"http://127.0.0.1:{port}"
    try:
        assert servers.until(lambda: _answers(url))
        ready = httpx.get(f"{url}/readyz", trust_env=False).json()
        move_deadline(edition, timedelta(seconds=15))
        with Tus(url, make_token(ada)) as tus:
            in_time = tus.begin(dossier, 9)
    finally:
        process.terminate()
        process.wait(60)

    assert "clock" in ready["degraded"], ready
    assert re.match(r"(29|30)\d{3} ms", ready["checks"]["clock"]["error"]), ready
    # What the alarm is for: by the clock of the database there were 15 seconds left.
    assert (in_time.status_code, in_time.json()["code"]) == (422, "deadline_passed")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False
