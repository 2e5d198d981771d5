"""Two versions of the same deliverable at the same time: both are kept and numbered.

On PostgreSQL the lock of the team row decides, on SQLite the transaction that begins first. The
first test shows the race without the lock, on PostgreSQL.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import received_files
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import LiveMessage
from submissions.deposits import services as deposits
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.conftest import NOON, make_team, make_user
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 5


@pytest.fixture(autouse=True)
def _no_process_opens_the_files(monkeypatch) -> None:
    monkeypatch.setattr(deposits, "inspect", SimpleNamespace(delay=lambda _pk: None))


def at_once(acts: list[Callable[[], str]]) -> list[str]:
    # Each in its own thread and connection, started at the same time.
    barrier = Barrier(len(acts), timeout=PATIENCE)

    def run(act: Callable[[], str]) -> str:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def hands_in(deliverable: Deliverable, team: Team, user: User, content: bytes) -> Callable[[], str]:
    file = received_files.received_file(content, "dossier.pdf")

    def act() -> str:
        try:
            submission = deposits.deposit(
                deliverable, team, file=file, begun_at=NOON, by=user, at=NOON
            )
        except Refused as refused:
            return refused.refusal.code.value
        return str(submission.version)

    return act


@pytest.mark.postgres
def test_without_the_lock_both_get_the_same_number(comunik, site_link, ada, ben):
    both_have_counted = Barrier(2, timeout=PATIENCE)

    def without_lock(user: User) -> str:
        try:
            with transaction.atomic():
                version = 1 + Submission.objects.filter(team=comunik).count()
                both_have_counted.wait()
                Submission.objects.create(
                    deliverable=site_link,
                    team=comunik,
                    version=version,
                    begun_at=NOON,
                    received_at=NOON,
                    submitted_by=user,
                    size=1,
                    sha256="0" * 64,
                    url="https://example.org/",
                )
        except IntegrityError:
            return "lost"  # by the unique constraint
        return str(version)

    answers = at_once([lambda: without_lock(ada), lambda: without_lock(ben)])

    assert sorted(answers) == ["1", "lost"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_both_versions_are_kept_and_numbered(comunik, dossier, ada, ben, round_):
    contents = [b"%PDF-1.7 ada", b"%PDF-1.7 ben"]

    answers = at_once(
        [
            hands_in(dossier, comunik, user, content)
            for user, content in zip([ada, ben], contents, strict=True)
        ]
    )

    kept = {str(s.version): Path(s.file.path).read_bytes() for s in Submission.objects.all()}
    assert sorted(answers) == ["1", "2"]
    assert [kept[version] for version in answers] == contents
    assert LiveMessage.objects.filter(type="window.changed").count() == 1


def test_eight_concurrent_deposits(comunik, dossier, ada):
    acts = [hands_in(dossier, comunik, ada, b"%PDF-1.7 " + bytes([n])) for n in range(8)]

    answers = at_once(acts)

    assert sorted(answers) == [str(n) for n in range(1, 9)]
    assert Submission.objects.count() == 8
    assert len({s.file.name for s in Submission.objects.all()}) == 8


def test_teams_do_not_wait_for_each_other(infocom, dossier, ada):
    students = [make_user(f"s{n}@example.org") for n in range(6)]
    teams = [make_team(infocom, f"Équipe {n}", user) for n, user in enumerate(students)]

    answers = at_once(
        [
            hands_in(dossier, team, user, b"%PDF-1.7")
            for team, user in zip(teams, students, strict=True)
        ]
    )

    assert answers == ["1"] * 6
