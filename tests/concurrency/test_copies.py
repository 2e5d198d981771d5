from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.event.editions.services.tables import Copies, copy_missing
from submissions.deliverables import services
from submissions.models import Deliverable
from tests.concurrency.test_last_seat import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def organizers(edition, eve, gil) -> list[User]:
    edition.organizers.add(gil)
    return [eve, gil]


@pytest.mark.postgres
def test_without_the_lock_two_organizers_copy_a_deliverable_twice(organizers, dossier, info):
    both_have_read = Barrier(2, timeout=PATIENCE)

    def copy_without_lock(by: User) -> str:
        def add(original: Deliverable) -> None:
            both_have_read.wait()
            services.save(info, name=original.name, kind=original.kind, by=by, at=NOON)

        with transaction.atomic():
            copy_missing(info, [dossier], list(info.deliverables.all()), add)
        return "done"

    at_once(copy_without_lock, organizers)

    assert info.deliverables.count() == 2


def test_two_organizers_who_copy_at_once_copy_once(edition, organizers, dossier, info):
    copies = Copies(dossier.department, [info])

    def copy(by: User) -> str:
        services.save_table(edition, [], copies, by=by, at=NOON)
        return "done"

    assert at_once(copy, organizers) == ["done", "done"]
    assert info.deliverables.count() == 1
