from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from submissions.deposits import services as deposits
from submissions.models import Deliverable, Seal
from submissions.seals import rules, selectors
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from teams.models import Team
from tests.conftest import DEADLINE
from tests.waiting import PATIENCE

# On PostgreSQL the row locks of the teams decide, on SQLite its single write lock.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def in_threads(*calls: Callable[[], Any]) -> list[Any]:
    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def slow_deposit(
    team: Team, deliverable: Deliverable, user: User, written: Event, go_on: Event
) -> Callable[[], None]:
    def run() -> None:
        with transaction.atomic():
            deposits.deposit(
                deliverable,
                team,
                url="https://example.org/",
                begun_at=DEADLINE,
                by=user,
                at=DEADLINE,
            )
            written.set()
            go_on.wait(PATIENCE)

    return run


@pytest.mark.postgres
def test_without_locks_an_uncommitted_deposit_is_missed(edition, comunik, site_link, ada):
    written, go_on = Event(), Event()
    due = rules.due_seals(edition, [], [])[0]

    def read() -> int:
        written.wait(PATIENCE)
        try:
            (manifest,) = selectors.manifests(edition, due, extensions_at=due.as_of)
        finally:
            go_on.set()
        return rules.counts_of(manifest)["deposits"]

    _none, seen = in_threads(slow_deposit(comunik, site_link, ada, written, go_on), read)

    assert seen == 0


def test_a_seal_waits_for_an_uncommitted_deposit(edition, comunik, site_link, ada):
    written, go_on, sealing = Event(), Event(), Event()

    def seal() -> int:
        written.wait(PATIENCE)
        sealing.set()
        (made,) = seals.make_due(edition, at=DEADLINE + SETTLE)
        return made.manifest["deposits"]

    def commit() -> None:
        sealing.wait(PATIENCE)
        # Long enough for a seal without locks to read.
        go_on.wait(1)
        go_on.set()

    _none, sealed, _commit = in_threads(
        slow_deposit(comunik, site_link, ada, written, go_on), seal, commit
    )

    assert sealed == 1


@pytest.mark.parametrize("workers", [2, 6])
def test_concurrent_workers_make_one_seal(edition, comunik, workers):
    barrier = Barrier(workers, timeout=PATIENCE)

    def work() -> int:
        barrier.wait()
        return len(seals.make_due(edition, at=DEADLINE + SETTLE))

    made = in_threads(*[work] * workers)

    assert sorted(made) == [0] * (workers - 1) + [1]
    assert Seal.objects.filter(department=None).count() == 1
    assert Seal.objects.count() == 2
    assert JournalEntry.objects.filter(act="seal.made").count() == 1
