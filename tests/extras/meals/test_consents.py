from datetime import timedelta
from typing import Any

import pytest
import time_machine

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.extras.meals import services
from hackathon.extras.meals.models import Dish, MealPlan
from hackathon.run.privacy.services import consents
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def agreed(edition, comunik, ada) -> User:
    dish = Dish.objects.create(edition=edition, name="Reine")
    MealPlan.objects.create(edition=edition, closes_at=LATER, default_dish=dish)
    services.set_needs(edition, ada, "Arachides", consents=True, at=NOON)
    return ada


@pytest.mark.parametrize("is_on", [True, False])
def test_the_consent_is_listed_and_withdrawn_without_a_trace(agreed, edition, ben, is_on):
    """Also where meals are switched off."""
    Edition.objects.update(extras=edition.extras if is_on else [])
    before = JournalEntry.objects.count()
    (given,) = consents.consents_of(agreed)
    assert (given.kind, given.where, given.since) == ("besoins", edition.name, NOON)

    with pytest.raises(NotFound):
        consents.withdraw(ben, given.kind, given.pk, at=LATER)
    consents.withdraw(agreed, given.kind, given.pk, at=LATER)

    assert consents.consents_of(agreed) == []
    assert JournalEntry.objects.count() == before


def test_who_is_in_no_list_any_more_still_deletes_their_needs(agreed, client_of):
    agreed.memberships.all().delete()
    pk = agreed.dietary_needs.get().pk
    browser = client_of(agreed)

    page = browser.get("/compte/accords/").content.decode()
    answer = browser.post(f"/compte/accords/besoins/{pk}/retirer/", follow=True)

    assert "L’organisation connaît vos besoins alimentaires" in page
    assert "Arachides" not in page
    assert "Accord retiré." in answer.content.decode()
    assert not agreed.dietary_needs.exists()
