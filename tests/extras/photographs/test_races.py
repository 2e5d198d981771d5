# The first test shows the race without the lock, on PostgreSQL.

from threading import Barrier

import pytest
from django.db import transaction

from hackathon.extras.photographs import rules, services
from hackathon.extras.photographs.models import ImageRight, Photograph
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.extras.photographs.pictures import drawn
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
def test_without_the_lock_two_organizers_both_see_a_free_place(edition):
    both_have_counted = Barrier(2, timeout=PATIENCE)
    seen = []

    def count_without_lock() -> None:
        with transaction.atomic():
            seen.append(Photograph.objects.count())
            both_have_counted.wait()

    at_once(count_without_lock, count_without_lock)

    assert seen == [0, 0]  # each would add one to a maximum of one


def test_two_organizers_at_once_never_exceed_the_maximum(edition, eve, gil, monkeypatch):
    edition.organizers.add(gil)
    monkeypatch.setattr(rules, "PHOTOGRAPHS_MAX", 3)
    kept = []

    def add(by, names) -> None:
        kept.append(services.keep(edition, [drawn(name) for name in names], by=by, at=NOON)[0])

    at_once(lambda: add(eve, "abc"), lambda: add(gil, "def"))

    assert sorted(kept) == [0, 3]
    assert Photograph.objects.count() == 3


def test_two_answers_of_one_person_at_once_leave_one(edition, comunik, ada):
    def answer(agrees: bool) -> None:
        services.answer(edition, ada, agrees=agrees, at=NOON)

    at_once(lambda: answer(True), lambda: answer(False))

    assert ImageRight.objects.count() == 1
