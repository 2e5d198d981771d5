"""What the palmarès says of winners beyond the name of the team."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.accounts.models import User
from judging.ceremony.services import publication
from submissions.deposits import services as deposits
from teams.enums import Circle, ReceiptMails
from teams.models import Membership
from teams.services import membership
from tests.conftest import NOON
from tests.judging.conftest import MORNING, text_of

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(minutes=5)
SITE = "https://com-unik.example.net/"


def test_names_and_links_are_shown_by_consent_and_go_when_it_goes(
    edition, comunik, site_link, ada, ben, eve, locked, client
):
    deposits.deposit(site_link, comunik, url=SITE, begun_at=NOON, by=ada, at=NOON)
    publication.publish(edition=edition, by=eve, at=MORNING)

    def choose(user: User, **consents: Any) -> None:
        place = Membership.objects.get(user=user)
        membership.choose(place, receipt_mails=ReceiptMails.NONE, at=LATER, **consents)

    def shown() -> tuple[bool, bool, bool]:
        with time_machine.travel(LATER, tick=False):
            page = text_of(client.get(reverse("judging:palmares")))
        assert "Com’unik" in page
        return f">{ada.name}<" in page, f"{ben.name}" in page, f'href="{SITE}"' in page

    found = [shown()]
    choose(ada, shows_name=True, shows_works_to=Circle.EVERYBODY, shows_address=True)
    found.append(shown())  # works are of all members
    choose(ben, shows_works_to=Circle.EVERYBODY)
    found.append(shown())
    choose(ada, shows_name=False, shows_works_to=Circle.EDITION)
    found.append(shown())

    assert found == [
        (False, False, False),
        (True, False, False),
        (True, False, True),
        (False, False, False),
    ]
    with time_machine.travel(LATER, tick=False):
        assert "example.org" not in text_of(client.get(reverse("judging:palmares")))
