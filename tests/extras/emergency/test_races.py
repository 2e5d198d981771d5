# The first test shows the race without the lock, on PostgreSQL.

from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.extras.emergency import services
from hackathon.extras.emergency.models import Emergency
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
def test_without_the_lock_two_people_both_take_it(edition, ada, call):
    call(ada)
    both_have_looked = Barrier(2, timeout=PATIENCE)
    seen = []

    def take_without_lock() -> None:
        with transaction.atomic():
            seen.append(Emergency.objects.get().taken_by)
            both_have_looked.wait()

    at_once(take_without_lock, take_without_lock)

    assert seen == [None, None]  # each would write their own name


def test_of_two_who_take_it_at_once_one_learns_that_the_other_has(edition, ada, eve, gil, call):
    emergency, refused = call(ada), []

    def take(by: User) -> None:
        try:
            services.take(emergency=emergency, by=by, at=NOON)
        except Refused:
            refused.append(by)

    at_once(lambda: take(eve), lambda: take(gil))

    taken_by = Emergency.objects.get().taken_by
    assert {taken_by, *refused} == {eve, gil}
    assert JournalEntry.objects.filter(act="emergency.taken").count() == 1


def test_two_taps_at_once_are_one_emergency(edition, ada, call):
    at_once(lambda: call(ada), lambda: call(ada))

    assert Emergency.objects.count() == 1
    assert JournalEntry.objects.filter(act="emergency.called").count() == 1
