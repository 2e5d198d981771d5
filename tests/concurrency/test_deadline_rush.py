"""Sixty clients finish within two seconds of the deadline. Each is received with the right
punctuality or refused with a reason, and the seals contain exactly what counts.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from submissions import periodic
from submissions.models import Deliverable, Seal, Submission, Upload
from submissions.seals import rules
from submissions.seals import services as seals
from submissions.versions import selectors
from teams.models import Team
from tests.conftest import make_team, make_user
from tests.submissions.tus import servers
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.wire import Tus, content
from tests.tokens import make_token
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 60
SPREAD = timedelta(seconds=2)
SIZE = 150_000


@dataclass
class Client:
    # The program of a team, with what it sends and the result.

    team: Team
    tus: Tus
    file: bytes
    url: str = ""
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    answer: httpx.Response | None = None

    @property
    def received(self) -> bool:
        return self.answer is not None and "Submission-Id" in self.answer.headers

    def begin(self, deliverable: Deliverable) -> None:
        # Everything but the last bytes.
        self.url = self.tus.begun(deliverable, SIZE)
        assert self.tus.patch(self.url, 0, self.file[:-20_000]).status_code == 204

    def end(self, deliverable: Deliverable, at: datetime) -> None:
        wait_until(lambda: clock.now() >= at)
        self.sent_at = clock.now()
        self.answer = self._last_word(deliverable)
        self.answered_at = clock.now()

    def _last_word(self, deliverable: Deliverable) -> httpx.Response:
        if self.url:
            return self.tus.patch(self.url, SIZE - 20_000, self.file[-20_000:])
        if self.team.pk % 2:
            return self.tus.begin(deliverable, SIZE, self.file)
        answer = self.tus.begin(deliverable, SIZE)
        if answer.status_code != 201:
            return answer
        return self.tus.patch(answer.headers["Location"], 0, self.file)


@pytest.fixture
def clients(db, infocom, dossier) -> Iterator[list[Client]]:
    # Sixty teams; two thirds have begun long before the deadline. It is moved before the server
    # starts, which seals what a past deadline has left.
    move_deadline(infocom.edition, timedelta(hours=1))
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(CLIENTS) as pool:
        server = stack.enter_context(servers.process(servers.forks()))
        everybody = []
        for number in range(CLIENTS):
            user = make_user(f"s{number}@example.org")
            tus = stack.enter_context(Tus(server.url, make_token(user)))
            team = make_team(infocom, f"Équipe {number}", user)
            everybody.append(Client(team, tus, content(SIZE, seed=number)))
        early = [client for number, client in enumerate(everybody) if number % 3]
        list(pool.map(lambda client: client.begin(dossier), early))
        yield everybody


@pytest.mark.parametrize(
    "grace", [pytest.param(timedelta(0), marks=pytest.mark.postgres), timedelta(minutes=10)]
)
def test_sixty_uploads_at_the_deadline(clients, edition, dossier, grace):
    """One on each database: the grace changes the answers, not the locks."""
    edition.refresh_from_db()
    early, others = clients[:2], clients[2:]
    for client in early:  # on time, however slow the machine is
        client.end(dossier, clock.now())
    move_deadline(edition, SPREAD + timedelta(seconds=1), grace=grace)
    deadline = edition.deadline_at
    step = 2 * SPREAD / (len(others) - 1)

    with ThreadPoolExecutor(CLIENTS) as pool:
        ending = [
            pool.submit(client.end, dossier, deadline - SPREAD + number * step)
            for number, client in enumerate(others)
        ]
        for client in ending:
            client.result()

    for client in clients:
        assert_received_or_refused(client, deadline, grace)
    assert {client.received for client in clients} == {True, False}
    assert Submission.objects.count() == sum(client.received for client in clients)
    assert_sealed(edition, clients, grace)


def assert_received_or_refused(client: Client, deadline: datetime, grace: timedelta) -> None:
    answer, submission = client.answer, client.team.submissions.first()
    assert answer is not None
    assert client.sent_at is not None
    assert client.answered_at is not None
    if not client.received:
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] in ("deadline_passed", "grace_passed")
        assert "Trop tard" in answer.json()["detail"]
        assert submission is None
        assert client.answered_at > deadline
        assert not (client.url and grace)
        return
    assert answer.status_code in (201, 204)
    assert submission is not None
    assert answer.headers["Submission-Id"] == str(submission.pk)
    assert submission.sha256 == hashlib.sha256(client.file).hexdigest()
    assert client.sent_at <= submission.received_at <= client.answered_at
    assert submission.begun_at <= deadline
    on_time = submission.received_at <= deadline
    assert on_time or grace
    assert selectors.version_of(submission).punctuality == ("on_time" if on_time else "in_grace")


def assert_sealed(edition: Edition, clients: list[Client], grace: timedelta) -> None:
    ends_at = edition.deadline_at + grace
    periodic.conclude_whole_uploads()  # does not receive refused uploads
    seals.make_due(edition, at=ends_at + rules.SETTLE)

    for moment, as_of in [("deadline", edition.deadline_at), ("grace", ends_at)]:
        counting = {
            (client.team.pk, hashlib.sha256(client.file).hexdigest())
            for client in clients
            if client.received and client.team.submissions.get().received_at <= as_of
        }
        if moment == "deadline" or grace:
            seal = Seal.objects.get(moment=moment, department__isnull=False)
            assert counting
            assert sealed_in(seal) == counting
    assert Upload.objects.filter(submission=None).count() <= sum(not c.received for c in clients)


def sealed_in(seal: Seal) -> set[tuple[int, str]]:
    return {
        (team["team"], deposit["sha256"])
        for team in seal.manifest["teams"]
        for deposit in team["deposits"]
    }
