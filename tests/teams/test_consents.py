"""What members let each other see."""

import pytest
import time_machine
from django.urls import reverse

from teams.enums import ReceiptMails
from teams.services import membership, organizing
from tests.refusals import refuses
from tests.teams.conftest import EVENING, place_of, text_of

pytestmark = pytest.mark.django_db


def test_teammates_see_an_address_only_by_consent_and_until_it_is_withdrawn(
    comunik, pixels, ada, ben, eve, client_of
):
    def seen() -> bool:
        with time_machine.travel(EVENING, tick=False):
            return "ben@example.org" in text_of(client_of(ada).get(reverse("teams:mine")))

    before = seen()
    with time_machine.travel(EVENING, tick=False):
        answer = client_of(ben).post(
            reverse("teams:mails"), {"receipt_mails": "none", "shows_address": "on"}
        )
    shown = seen()
    membership.choose(
        place_of(ben), receipt_mails=ReceiptMails.NONE, shows_address=False, at=EVENING
    )
    withdrawn = seen()
    membership.choose(place_of(ben), receipt_mails=ReceiptMails.NONE, shows_name=True, at=EVENING)
    organizing.move_members([place_of(ben)], pixels, by=eve, at=EVENING)

    assert answer.status_code == 302
    assert not place_of(ben).shows_name  # agreed to in another team
    assert (before, shown, withdrawn) == (False, True, False)
    assert place_of(ben).receipt_mails == "none"


def test_a_consent_for_one_team_does_not_reach_the_next(comunik, pixels, ben, eve):
    seen = place_of(ben)
    organizing.move_members([place_of(ben)], pixels, by=eve, at=EVENING)

    with refuses("not_member"):
        membership.choose(seen, receipt_mails=ReceiptMails.NONE, shows_address=True, at=EVENING)

    assert not place_of(ben).shows_address
