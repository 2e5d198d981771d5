# The first test shows the race without the lock, on PostgreSQL.

from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.extras.running_order import services
from hackathon.extras.running_order.models import Step
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
def test_without_the_lock_two_people_both_tick(edition, step):
    step("Repas", 0)
    both_have_looked = Barrier(2, timeout=PATIENCE)
    seen = []

    def tick_without_lock() -> None:
        with transaction.atomic():
            seen.append(Step.objects.get().done_by)
            both_have_looked.wait()

    at_once(tick_without_lock, tick_without_lock)

    assert seen == [None, None]  # each would write their own name


def test_of_two_who_tick_at_once_one_is_named(edition, eve, helper, step):
    one = step("Repas", 0)

    at_once(
        lambda: services.tick(step=one, done=True, by=eve, at=NOON),
        lambda: services.tick(step=one, done=True, by=helper, at=NOON),
    )

    assert JournalEntry.objects.filter(act="step.done").get().by == Step.objects.get().done_by


def test_the_usual_order_is_proposed_once(edition, eve):
    refused = []

    def propose() -> None:
        try:
            services.propose(edition, by=eve, at=NOON)
        except Refused as error:
            refused.append(error)

    at_once(propose, propose)

    assert len(refused) == 1
    assert JournalEntry.objects.filter(act="steps.proposed").count() == 1
