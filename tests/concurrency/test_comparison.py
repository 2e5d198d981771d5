from collections.abc import Callable
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.models import Edition
from judging.ceremony.selectors.own_comparison import who_sees
from judging.ceremony.services import comparison, publication
from judging.deliberation.services import decision as deliberation
from judging.models import ComparisonConsent
from judging.scoring.services import sheets
from teams.models import Team
from tests.concurrency.test_last_seat import at_once
from tests.conftest import make_team, make_user
from tests.judging.conftest import MORNING, NIGHT
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 5


@pytest.fixture
def fay(edition) -> User:
    return make_user("fay@example.org", "Fay")


@pytest.fixture
def behind(infocom, fay) -> Team:
    return make_team(infocom, "Les Five", fay)


@pytest.fixture
def published(edition, infocom, criteria, comunik, behind, dan, diane, eve) -> Edition:
    # Com’unik stands just before Les Five.
    Edition.objects.update(shares_marks=True)
    for team, mark in ((comunik, Decimal(15)), (behind, Decimal(9))):
        marks = dict.fromkeys(criteria, mark)
        sheets.save(juror=dan, team=team, marks=marks, finish=True, by=dan.user, at=NIGHT)
    places = {comunik.pk: 1, behind.pk: 2}
    act = {"department": infocom, "by": diane.user, "at": NIGHT}
    deliberation.decide(nominees=list(places), places=places, reason="Ainsi.", **act)
    deliberation.lock(**act)
    edition.refresh_from_db()
    return publication.publish(edition=edition, by=eve, at=MORNING)


def agreeing(edition: Edition) -> Callable[[User], str]:
    def act(by: User) -> str:
        comparison.agree(edition=edition, by=by, at=MORNING)
        return "done"

    return act


@pytest.mark.postgres
def test_without_the_lock_two_neighbours_do_not_see_that_the_other_agrees(
    published, comunik, behind, ada, fay
):
    both_have_agreed = Barrier(2, timeout=PATIENCE)

    def agree_without_lock(by: User) -> str:
        with transaction.atomic():
            team = comunik if by == ada else behind
            ComparisonConsent.objects.create(team=team, given_at=MORNING, given_by=by)
            both_have_agreed.wait()
            told = who_sees(team)
            both_have_agreed.wait()
            return str(told)

    assert at_once(agree_without_lock, [ada, fay]) == ["[]", "[]"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_neighbours_who_agree_at_once_the_one_behind_is_told_that_it_may_read(
    published, behind, ada, fay, round_
):
    at_once(agreeing(published), [ada, fay])

    assert ComparisonConsent.objects.count() == 2
    last = LiveMessage.objects.filter(type="comparison.changed").latest("pk")
    assert f"team:{behind.pk}" in last.audience_names


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_clicks_at_once_agree_once(published, ada, round_):
    at_once(agreeing(published), [ada, ada])

    assert ComparisonConsent.objects.count() == 1
    assert LiveMessage.objects.filter(type="comparison.changed").count() == 1
