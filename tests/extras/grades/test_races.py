# The first test shows the race without the lock, on PostgreSQL.

from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.core.models import JournalEntry
from hackathon.extras.grades import services
from hackathon.extras.grades.models import OwnGrade
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
def test_without_the_lock_the_constraint_keeps_one_row(edition, comunik, ada, eve):
    both_have_looked = Barrier(2, timeout=PATIENCE)
    refused = []

    def give_without_lock() -> None:
        try:
            with transaction.atomic():
                assert not OwnGrade.objects.exists()
                both_have_looked.wait()
                OwnGrade.objects.create(
                    edition=edition, user=ada, kind="absent", reason="x", set_by=eve, set_at=NOON
                )
        except IntegrityError as error:
            refused.append(error)

    at_once(give_without_lock, give_without_lock)

    assert len(refused) == OwnGrade.objects.count() == 1


def test_of_two_organizers_at_once_both_are_in_the_journal_and_one_row_is_left(
    edition, comunik, ada, eve, gil
):
    edition.organizers.add(gil)
    member = comunik.memberships.get(user=ada)

    def give(by: Any, mark: int) -> None:
        values: dict[str, Any] = {"kind": "mark", "mark": Decimal(mark), "reason": "Travail à part"}
        services.give(member, **values, by=by, at=NOON)

    done = at_once(lambda: give(eve, 12), lambda: give(gil, 8))

    assert done == ["done", "done"]
    own = OwnGrade.objects.get()
    assert own.mark == {eve: 12, gil: 8}[own.set_by]
    assert JournalEntry.objects.filter(act="own_grade.given").count() == 2
