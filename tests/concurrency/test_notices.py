from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.views import refusal_of
from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE
from hackathon.event.editions.enums import Notice
from hackathon.event.editions.services import notices, schedule
from tests.conftest import DEADLINE
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

WORKERS = 8


def at_once(act: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(WORKERS, timeout=PATIENCE)

    def run(_number: int) -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


@pytest.mark.postgres
def test_without_the_constraint_a_notice_is_published_several_times(edition):
    all_have_read = Barrier(WORKERS, timeout=PATIENCE)

    def read_then_publish() -> bool:
        with transaction.atomic():
            is_published = LiveMessage.objects.filter(type="milestone.reached").exists()
            all_have_read.wait()
            if not is_published:
                messages.publish(EVERYONE, "milestone.reached", {}, at=DEADLINE)
            return not is_published

    at_once(read_then_publish)

    assert LiveMessage.objects.count() == WORKERS


def test_publish_once_publishes_once(edition):
    def publish() -> bool:
        with transaction.atomic():
            return messages.publish_once("a key", EVERYONE, "test.published", {}, at=DEADLINE)

    assert sorted(at_once(publish)) == [False] * (WORKERS - 1) + [True]
    assert LiveMessage.objects.count() == 1


@pytest.mark.parametrize("notice", Notice)
def test_one_of_many_workers_publishes_the_notice(edition, notice):
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


def test_of_many_organizers_who_undo_one_does(edition, eve):
    act: dict[str, Any] = {"edition": edition, "by": eve, "at": DEADLINE}
    schedule.move(instants={"deadline_at": DEADLINE + timedelta(minutes=10)}, **act)
    entry = JournalEntry.objects.get(act="edition.moved")

    refused = at_once(lambda: bool(refusal_of(lambda: schedule.undo(entry_pk=entry.pk, **act))))

    edition.refresh_from_db()
    assert sorted(refused) == [False] + [True] * (WORKERS - 1)
    assert edition.deadline_at == DEADLINE
    assert JournalEntry.objects.filter(act="move.undone").count() == 1
