"""Promises of one team at the same time: no more than three, and each set of bytes once.

The first test shows the race without the lock, on PostgreSQL: there the constraint refuses.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.core.errors import NotFound, Refused
from hackathon.base.core.models import JournalEntry
from hackathon.extras.promises import addresses, services
from hackathon.extras.promises.models import Promise, TeamKey
from submissions.models import Deliverable
from teams.models import Team
from tests.concurrency.test_versions import ROUNDS, at_once
from tests.conftest import NOON
from tests.extras.promises.making import key_of, promise
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def promises(team: Team, deliverable: Deliverable, content: bytes) -> Callable[[], str]:
    digest = hashlib.sha256(content).hexdigest()

    def act() -> str:
        try:
            services.make(team.pk, deliverable.pk, size=9, digest=digest, client_at=None, at=NOON)
        except Refused as refused:
            return refused.refusal.code.value
        return "made"

    return act


@pytest.mark.postgres
def test_without_the_lock_both_get_the_same_number(comunik, dossier):
    both_have_counted = Barrier(2, timeout=PATIENCE)

    def without_lock(code: str) -> str:
        try:
            with transaction.atomic():
                number = 1 + Promise.objects.filter(team=comunik).count()
                both_have_counted.wait()
                Promise.objects.create(
                    team=comunik,
                    deliverable=dossier,
                    number=number,
                    code=code,
                    size=9,
                    digest=code,
                    received_at=NOON,
                )
        except IntegrityError as error:
            return "promise_number_once" if "promise_number_once" in str(error) else str(error)
        return "made"

    outcomes = at_once([lambda: without_lock("a"), lambda: without_lock("b")])

    assert Counter(outcomes) == {"made": 1, "promise_number_once": 1}


def test_of_six_promises_at_once_three_are_made(comunik, dossier):
    outcomes = at_once([promises(comunik, dossier, bytes([n])) for n in range(6)])

    assert Counter(outcomes) == {"made": 3, "too_many_promises": 3}
    assert sorted(Promise.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_of_two_who_void_one_does(comunik, dossier, eve):
    promises(comunik, dossier, b"")()
    promise = Promise.objects.get()

    at_once([lambda: services.void(promise, by=eve, at=NOON)] * 4)

    assert TeamKey.objects.get().number == 1
    assert JournalEntry.objects.filter(act="promise.voided").count() == 1


def test_a_key_that_ends_while_its_request_waits_for_the_lock_permits_nothing(
    comunik, dossier, ada
):
    key = addresses.parse_key(key_of(comunik, dossier))
    services.renew_key(comunik, by=ada, at=NOON)

    with pytest.raises(NotFound):
        promise(comunik, dossier, key=key)

    assert not Promise.objects.exists()


def test_the_same_bytes_at_once_are_promised_once(comunik, dossier):
    for n in range(ROUNDS):
        Promise.objects.all().delete()
        outcomes = at_once([promises(comunik, dossier, bytes([n]))] * 4)

        assert (outcomes, Promise.objects.count()) == (["made"] * 4, 1)
