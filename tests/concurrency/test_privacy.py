from datetime import timedelta

import pytest

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.run.privacy.models import ErasureRequest
from hackathon.run.privacy.services import anonymisation, erasure
from tests.concurrency.test_questions import at_once
from tests.conftest import DEADLINE, NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_an_edition_is_anonymised_once_however_many_workers_begin(edition, comunik):
    Edition.objects.update(results_published_at=DEADLINE)
    due = DEADLINE + timedelta(days=366)

    def run(_number: int) -> str:
        anonymisation.anonymise(edition.pk, at=due)
        return "done"

    outcomes = at_once(run, range(3))

    assert sorted(outcomes) == ["anonymisation_done", "anonymisation_done", "done"]
    assert JournalEntry.objects.filter(act="anonymisation.done").count() == 1


def test_a_person_who_asks_twice_at_once_has_one_request(edition, ada):
    def ask(_number: int) -> str:
        erasure.ask(ada, at=NOON)
        return "asked"

    assert sorted(at_once(ask, range(3))) == ["asked", "erasure_asked", "erasure_asked"]
    assert ErasureRequest.objects.count() == 1


def test_a_request_is_granted_once(edition, comunik, ada, eve):
    asked = erasure.ask(ada, at=NOON)

    def grant(_number: int) -> str:
        erasure.grant(asked, edition=edition, by=eve, at=NOON)
        return "erased"

    assert sorted(at_once(grant, range(2))) == ["erased", "erasure_settled"]
    assert JournalEntry.objects.filter(act="user.deleted").count() == 1
