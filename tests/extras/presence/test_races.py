# The first test shows the race without the lock, on PostgreSQL.

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.extras.presence import selectors, services
from hackathon.extras.presence.models import Moment, Tick
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.extras.presence.conftest import given
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
def test_without_the_lock_two_first_ticks_both_make_the_moment(edition, comunik, ada):
    both_have_looked = Barrier(2, timeout=PATIENCE)
    refused = []

    def make_without_lock() -> None:
        try:
            with transaction.atomic():
                assert not Moment.objects.exists()
                both_have_looked.wait()
                selectors.default_moment(edition).save()
        except IntegrityError as error:
            refused.append(error)

    at_once(make_without_lock, make_without_lock)

    assert len(refused) == 1  # its ticks would be lost


def test_two_phones_at_once_note_each_person_once_at_one_moment(
    edition, comunik, ada, ben, eve, gil
):
    edition.organizers.add(gil)

    def send(by: User, people: list[User]) -> None:
        ticks = [given(one, at=NOON + timedelta(seconds=by.pk)) for one in people]
        services.tick(edition, ticks, by=by, at=NOON + timedelta(hours=1))

    at_once(lambda: send(eve, [ada, ben]), lambda: send(gil, [ben, ada]))

    assert Moment.objects.count() == 1
    roll = selectors.roll_of(edition)
    assert [(one.name, one.latest.by) for one in roll.inside] == [("Ada", eve.pk), ("Ben", eve.pk)]


def test_what_one_phone_sends_twice_at_once_is_noted_once(edition, comunik, ada, eve):
    ticks = [given(ada)]

    def send() -> None:
        services.tick(edition, ticks, by=eve, at=NOON)

    at_once(send, send)

    assert Tick.objects.count() == 1
    assert JournalEntry.objects.filter(act="presence.ticked").count() == 1
