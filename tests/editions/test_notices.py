"""How near the deadline is: each notice once, at its instant, or not at all."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.editions import periodic
from hackathon.editions.enums import Notice
from hackathon.editions.models import Edition
from hackathon.editions.notices import LEADS, PATIENCE, due_notices
from hackathon.editions.services import notices, schedule
from tests.conftest import DEADLINE, NOON
from tests.editions.conftest import told

pytestmark = pytest.mark.database

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def given(edition: Edition, at: datetime) -> list[Notice]:
    """What is given at this instant."""
    return notices.give_due(edition, at=at)


@pytest.mark.parametrize("notice", Notice)
def test_a_notice_is_due_at_its_instant_and_not_much_later(
    edition: Edition, notice: Notice
) -> None:
    instant = DEADLINE - LEADS[notice]
    due = {
        offset: [d.notice for d in due_notices(edition, at=instant + offset)]
        for offset in (-SECOND, 0 * SECOND, SECOND, PATIENCE - SECOND, PATIENCE)
    }

    assert list(due.values()) == [[], [notice], [notice], [notice], []]


def test_it_is_told_to_everyone_once(edition: Edition) -> None:
    assert given(edition, DEADLINE - HOUR + SECOND) == [Notice.ONE_HOUR]
    assert given(edition, DEADLINE - HOUR + 6 * SECOND) == []

    assert told() == [("everyone", "milestone.reached")]
    message = LiveMessage.objects.get()
    assert message.data == {
        "notice": "one_hour",
        "seconds_left": 3600,
        "deadline_at": "2020-02-13T22:00:00Z",
    }
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.by) == ("milestone.reached", None)


def test_a_whole_day_brings_four(edition: Edition) -> None:
    at, brought = NOON, []
    while at < DEADLINE + HOUR:
        brought += given(edition, at)
        at += 5 * SECOND

    assert brought == list(Notice)
    assert len(told()) == 4


def test_who_comes_two_hours_late_says_nothing(edition: Edition) -> None:
    assert given(edition, DEADLINE - 3 * MINUTE) == []
    assert given(edition, DEADLINE + 2 * HOUR) == []
    assert told() == []


def test_a_deadline_moved_later_gives_the_notice_of_its_new_instant(
    edition: Edition, eve: User
) -> None:
    given(edition, DEADLINE - HOUR)

    edition = schedule.move(
        edition=edition,
        instants={"deadline_at": DEADLINE + 30 * MINUTE},
        by=eve,
        at=DEADLINE - HOUR + MINUTE,
    )

    assert given(edition, DEADLINE - HOUR + MINUTE) == []
    assert given(edition, DEADLINE - 30 * MINUTE) == [Notice.ONE_HOUR]
    assert given(edition, DEADLINE) == []  # that was the former one


def test_a_deadline_moved_earlier_past_a_notice_leaves_it_out(edition: Edition, eve: User) -> None:
    at = DEADLINE - 90 * MINUTE

    edition = schedule.move(
        edition=edition, instants={"deadline_at": DEADLINE - HOUR}, by=eve, at=at
    )

    assert given(edition, at) == []
    assert given(edition, DEADLINE - HOUR - 10 * MINUTE) == [Notice.TEN_MINUTES]


def test_the_deadline_as_it_is_now_decides(edition: Edition, eve: User) -> None:
    read_before = Edition.objects.get(pk=edition.pk)
    schedule.move(
        edition=edition,
        instants={"deadline_at": DEADLINE + HOUR},
        by=eve,
        at=DEADLINE - SECOND,
    )

    assert given(read_before, DEADLINE) == [Notice.ONE_HOUR]


def test_nothing_is_told_of_before_the_launch(edition: Edition) -> None:
    Edition.objects.update(starts_at=DEADLINE - 2 * HOUR)
    edition.refresh_from_db()

    assert given(edition, DEADLINE - 4 * HOUR) == []
    assert given(edition, DEADLINE - HOUR) == [Notice.ONE_HOUR]


def test_nothing_is_told_of_another_edition(edition: Edition) -> None:
    Edition.objects.update(is_current=False)
    edition.refresh_from_db()

    assert given(edition, DEADLINE) == []
    with time_machine.travel(DEADLINE, tick=False):
        periodic.give_notices()
    assert told() == []


@pytest.fixture
def deadline(edition: Edition) -> Iterator[None]:
    """It is the deadline."""
    with time_machine.travel(DEADLINE, tick=False):
        yield


@pytest.mark.usefixtures("deadline")
def test_the_clock_gives_them() -> None:
    periodic.give_notices()
    with CaptureQueriesContext(connection) as queries:
        periodic.give_notices()

    assert told() == [("everyone", "milestone.reached")]
    assert len(queries) == 2  # asked every few seconds: the edition, and whether it was given
