"""A server that is killed (-9) again and again while twenty clients send: no file is lost or
received twice, and there is no receipt without its file and no file without its receipt.
"""

import contextlib
import hashlib
import os
import random
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.management import call_command

from hackathon.base.core import clock
from hackathon.event.editions.models import Department
from submissions import periodic
from submissions.budget.rules import VERSIONS_MAX
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Receipt, Submission, Upload
from tests import services
from tests.conftest import make_team, make_user
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.servers import forks
from tests.submissions.tus.wire import Tus, content
from tests.tokens import make_token
from tests.waiting import PATIENCE, wait_until

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
]

CLIENTS = 20
SIZE = 300_000
CHUNK = 70_000
# Answers after which a client continues: another offset, another request, a timeout, no database.
AGAIN = (408, 409, 423, 503)


class KilledServer:
    """The site in a fork, on the test's database. `kill` returns when the next fork answers."""

    def __init__(self) -> None:
        self.killed = 0
        self.answers = threading.Event()
        self._port = services.free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._start()

    def kill(self) -> None:
        self.answers.clear()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(60)
        self.killed += 1
        self._start()

    def close(self) -> None:
        self._process.kill_group()

    def _start(self) -> None:
        self._process = forks().serve(
            settings.DATA_DIR / "killed.log",
            port=self._port,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
        wait_until(self._answers)
        self.answers.set()

    def _answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.options(f"{self.url}/uploads/", trust_env=False).status_code == 204
        return False


@pytest.fixture
def data_dir() -> Path:
    # Without the files of other tests, whose rows are gone.
    directory: Path = settings.DATA_DIR
    for name in ("deposits", "uploads"):
        shutil.rmtree(directory / name, ignore_errors=True)
        (directory / name).mkdir()
    return directory


@pytest.fixture
def server(db, data_dir) -> Iterator[KilledServer]:
    with contextlib.closing(KilledServer()) as server:
        yield server


def deliver(
    server: KilledServer, tus: Tus, deliverable: Deliverable, file: bytes, steps: list[str]
) -> str:
    # Retries until there is a receipt. Fails if an answer leaves the upload in an unknown state.
    url = ""
    while True:
        steps.append(url)
        try:
            answer = _next_step(tus, deliverable, file, url)
        except httpx.TransportError:
            assert server.answers.wait(PATIENCE)
            continue
        if answer.status_code == 201:
            url = answer.headers["Location"]
        elif "Receipt-Code" in answer.headers:
            return answer.headers["Receipt-Code"]
        else:
            assert answer.status_code in (204, *AGAIN), (answer.status_code, answer.text)


def _next_step(tus: Tus, deliverable: Deliverable, file: bytes, url: str) -> httpx.Response:
    if not url:
        return tus.begin(deliverable, len(file))
    answer = tus.head(url)
    if answer.status_code != 200 or "Receipt-Code" in answer.headers:
        return answer
    offset = int(answer.headers["Upload-Offset"])
    while offset < len(file):
        answer = tus.patch(url, offset, file[offset : offset + CHUNK])
        if answer.status_code != 204:
            break
        offset = int(answer.headers["Upload-Offset"])
    return answer


def senders(department: Department, deliverable: Deliverable, url: str) -> list[Tus]:
    # Two members of each of ten teams, each with their own program.
    programs = []
    for number in range(CLIENTS // 2):
        pair = [make_user(f"s{number}{letter}@example.org") for letter in "ab"]
        make_team(department, f"Équipe {number}", *pair)
        programs += [Tus(url, make_token(user)) for user in pair]
    return programs


@pytest.mark.parametrize(
    ("kills", "longest_life"), [(8, 60), pytest.param(100, 120, marks=pytest.mark.slow)]
)
def test_killed_many_times(server, data_dir, edition, infocom, dossier, kills, longest_life):
    """Killed after a random number of steps of the clients, less than `longest_life`."""
    move_deadline(edition, timedelta(hours=1))
    chance, over = random.Random(9), threading.Event()
    steps: list[str] = []
    # The two members of a team share the limit of versions of a deliverable.
    versions = VERSIONS_MAX // 2 - 5
    more = [
        Deliverable(department=infocom, name=f"{n}", kind=DeliverableKind.FILE, formats=["pdf"])
        for n in range(20)
    ]
    deliverables = [dossier, *Deliverable.objects.bulk_create(more)]

    def send_on(number: int, tus: Tus) -> list[tuple[str, str]]:
        # File after file until the last kill, then the current one.
        sent = []
        while not over.is_set() or not sent:
            file = content(SIZE + number, seed=1000 * number + len(sent))
            receipt = deliver(server, tus, deliverables[len(sent) // versions], file, steps)
            sent.append((receipt, hashlib.sha256(file).hexdigest()))
        return sent

    def is_over() -> bool:
        return any(future.done() for future in running)

    with contextlib.ExitStack() as stack, ThreadPoolExecutor(CLIENTS) as pool:
        programs = [stack.enter_context(tus) for tus in senders(infocom, dossier, server.url)]
        running = [pool.submit(send_on, *numbered) for numbered in enumerate(programs)]
        try:
            while server.killed < kills and not is_over():
                wanted = len(steps) + chance.randrange(longest_life)
                wait_until(lambda wanted=wanted: len(steps) >= wanted or is_over())
                server.kill()
        finally:
            over.set()
        sent = dict(pair for future in running for pair in future.result())

    assert server.killed == kills
    assert {
        r.code: r.submission.sha256 for r in Receipt.objects.select_related("submission")
    } == sent
    assert Submission.objects.count() == len(sent)
    assert_files_are_as_received(data_dir / "deposits")
    sweep()
    assert not list((data_dir / "uploads").iterdir())
    call_command("check-deposits")  # exits with 1 if anything is wrong


def assert_files_are_as_received(directory: Path) -> None:
    rows = {Path(s.file.path): s for s in Submission.objects.all()}
    assert {path for path in directory.rglob("*") if path.is_file()} == set(rows)
    for path, submission in rows.items():
        content = path.read_bytes()
        assert len(content) == submission.size
        assert hashlib.sha256(content).hexdigest() == submission.sha256


def sweep() -> None:
    # The periodic tasks, a day later for unfinished uploads and for partial files: if a process is
    # killed just before it commits the row of an upload, its empty file remains.
    periodic.conclude_whole_uploads()
    for path in settings.UPLOADS_DIR.iterdir():
        os.utime(path, (0, 0))
    Upload.objects.filter(submission=None).update(expires_at=clock.now() - timedelta(seconds=1))
    periodic.forget_uploads()
