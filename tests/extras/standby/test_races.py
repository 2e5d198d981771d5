from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.core.models import JournalEntry
from hackathon.extras.standby.models import Standby
from hackathon.extras.standby.services import take_over
from tests.concurrency.test_questions import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
def test_without_the_lock_two_servers_take_over_in_the_same_epoch():
    Standby.objects.create(pk=1, server="salle", epoch=1)
    both_have_read = Barrier(2, timeout=PATIENCE)

    def take_without_lock(server: str) -> str:
        with transaction.atomic():
            standby = Standby.objects.get()
            both_have_read.wait()
            standby.server, standby.epoch = server, standby.epoch + 1
            standby.save()
        return str(standby.epoch)

    assert at_once(take_without_lock, ["a", "b"]) == ["2", "2"]


def test_of_servers_that_take_over_at_once_each_has_its_own_epoch_and_one_serves():
    Standby.objects.create(pk=1, server="salle", epoch=1)

    epochs = at_once(lambda server: str(take_over(server=server, at=NOON).epoch), ["a", "b", "c"])

    assert epochs == ["2", "3", "4"]
    assert Standby.objects.get().epoch == 4


def test_a_server_that_takes_over_twice_at_once_does_it_once():
    epochs = at_once(lambda server: str(take_over(server=server, at=NOON).epoch), ["a"] * 4)

    assert epochs == ["1"] * 4
    assert JournalEntry.objects.filter(act="standby.taken_over").count() == 1
