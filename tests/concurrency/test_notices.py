"""A notice is given once, whoever gives it: several workers reach its instant together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from hackathon.core import live
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.editions.enums import Notice
from hackathon.editions.models import Edition
from hackathon.editions.services import notices
from tests.conftest import DEADLINE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

WORKERS = 8


def at_once(act: Callable[[], Any]) -> list[Any]:
    """Run it in many threads, each with a connection of its own, released together."""
    barrier = Barrier(WORKERS, timeout=20)

    def run(_number: int) -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


@pytest.mark.postgres
def test_who_only_looks_first_says_it_several_times(edition: Edition) -> None:
    all_have_looked = Barrier(WORKERS, timeout=20)

    def look_then_say() -> bool:
        with transaction.atomic():
            said = LiveMessage.objects.filter(type="milestone.reached").exists()
            all_have_looked.wait()
            if not said:
                live.publish(live.EVERYONE, "milestone.reached", {}, at=DEADLINE)
            return not said

    at_once(look_then_say)

    assert LiveMessage.objects.count() == WORKERS


def test_what_may_be_said_once_is_said_once(edition: Edition) -> None:
    def say() -> bool:
        with transaction.atomic():
            return live.publish_once("a key", live.EVERYONE, "test.said", {}, at=DEADLINE)

    assert sorted(at_once(say)) == [False] * (WORKERS - 1) + [True]
    assert LiveMessage.objects.count() == 1


@pytest.mark.parametrize("notice", Notice)
def test_of_many_workers_one_gives_the_notice(edition: Edition, notice: Notice) -> None:
    leads = {
        Notice.FOUR_HOURS: timedelta(hours=4),
        Notice.ONE_HOUR: timedelta(hours=1),
        Notice.TEN_MINUTES: timedelta(minutes=10),
        Notice.DEADLINE: timedelta(),
    }

    given = at_once(lambda: notices.give_due(edition, at=DEADLINE - leads[notice]))

    assert sorted(given) == [[]] * (WORKERS - 1) + [[notice]]
    assert LiveMessage.objects.filter(type="milestone.reached").count() == 1
    assert JournalEntry.objects.filter(act="milestone.reached").count() == 1
