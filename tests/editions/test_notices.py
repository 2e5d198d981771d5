from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions import periodic
from hackathon.event.editions.enums import Notice
from hackathon.event.editions.models import Edition
from hackathon.event.editions.notices import LEADS, PATIENCE, due_notices
from hackathon.event.editions.services import notices, schedule
from tests.conftest import DEADLINE, NOON
from tests.editions.conftest import published
from tests.queries import queries_of

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def given(edition: Edition, at: datetime) -> list[Notice]:
    return notices.give_due(edition, at=at)


@pytest.mark.parametrize("notice", Notice)
def test_a_notice_is_due_at_its_instant_and_two_minutes_longer(edition, notice):
    instant = DEADLINE - LEADS[notice]
    due = {
        offset: [d.notice for d in due_notices(edition, at=instant + offset)]
        for offset in (-SECOND, 0 * SECOND, SECOND, PATIENCE - SECOND, PATIENCE)
    }

    assert list(due.values()) == [[], [notice], [notice], [notice], []]


def test_a_notice_is_published_to_everyone_once(edition):
    assert given(edition, DEADLINE - HOUR + SECOND) == [Notice.ONE_HOUR]
    assert given(edition, DEADLINE - HOUR + 6 * SECOND) == []

    assert published() == [("everyone", "milestone.reached")]
    message = LiveMessage.objects.get()
    assert message.data == {
        "notice": "one_hour",
        "seconds_left": 3600,
        "deadline_at": "2020-02-13T22:00:00Z",
    }
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.by) == ("milestone.reached", None)


def test_a_whole_day_has_four_notices(edition):
    at, brought = NOON, []
    while at < DEADLINE + HOUR:
        brought += given(edition, at)
        at += 5 * SECOND

    assert brought == list(Notice)
    assert len(published()) == 4


def test_a_notice_that_is_two_hours_late_is_dropped(edition):
    assert given(edition, DEADLINE - 3 * MINUTE) == []
    assert given(edition, DEADLINE + 2 * HOUR) == []
    assert published() == []


def test_a_deadline_moved_later_gives_the_notice_of_its_new_instant(edition, eve):
    given(edition, DEADLINE - HOUR)

    edition = schedule.move(
        edition=edition,
        instants={"deadline_at": DEADLINE + 30 * MINUTE},
        by=eve,
        at=DEADLINE - HOUR + MINUTE,
    )

    assert given(edition, DEADLINE - HOUR + MINUTE) == []
    assert given(edition, DEADLINE - 30 * MINUTE) == [Notice.ONE_HOUR]
    assert given(edition, DEADLINE) == []  # the former deadline


def test_a_deadline_moved_earlier_past_a_notice_drops_it(edition, eve):
    at = DEADLINE - 90 * MINUTE

    edition = schedule.move(
        edition=edition, instants={"deadline_at": DEADLINE - HOUR}, by=eve, at=at
    )

    assert given(edition, at) == []
    assert given(edition, DEADLINE - HOUR - 10 * MINUTE) == [Notice.TEN_MINUTES]


def test_the_deadline_is_read_again_from_the_database(edition, eve):
    read_before = Edition.objects.get(pk=edition.pk)
    schedule.move(
        edition=edition,
        instants={"deadline_at": DEADLINE + HOUR},
        by=eve,
        at=DEADLINE - SECOND,
    )

    assert given(read_before, DEADLINE) == [Notice.ONE_HOUR]


def test_no_notice_is_due_before_the_launch(edition):
    Edition.objects.update(starts_at=DEADLINE - 2 * HOUR)
    edition.refresh_from_db()

    assert given(edition, DEADLINE - 4 * HOUR) == []
    assert given(edition, DEADLINE - HOUR) == [Notice.ONE_HOUR]


def test_no_notice_is_given_for_another_edition(edition):
    Edition.objects.update(is_current=False)
    edition.refresh_from_db()

    assert given(edition, DEADLINE) == []
    with time_machine.travel(DEADLINE, tick=False):
        periodic.give_notices()
    assert published() == []


@pytest.fixture
def deadline(edition) -> Iterator[None]:
    with time_machine.travel(DEADLINE, tick=False):
        yield


@pytest.mark.usefixtures("deadline")
def test_the_periodic_task_gives_notices():
    periodic.give_notices()
    queries = queries_of(periodic.give_notices)

    assert published() == [("everyone", "milestone.reached")]
    assert queries == 2  # the edition, and whether it was given; this runs every few seconds
