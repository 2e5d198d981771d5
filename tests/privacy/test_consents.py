from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry
from hackathon.base.push.models import Subscription
from hackathon.run.privacy.services import consents
from hackathon.run.privacy.services.consents import ConsentKind
from teams.enums import Circle, ReceiptMails
from teams.models import Membership
from teams.services import membership as memberships
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def agreed(edition, comunik, ada) -> User:
    """To everything."""
    given = dict.fromkeys(Membership.CONSENTS, True) | {"shows_works_to": Circle.EDITION}
    membership = ada.memberships.get()
    memberships.choose(membership, receipt_mails=ReceiptMails.DIGEST, at=NOON, **given)
    accounts.set_phone(ada, "06 12 34 56 78", at=NOON)
    session = Session.objects.create(session_key="2" * 32, expire_date=LATER)
    Subscription.objects.create(
        user=ada, session=session, endpoint="https://push.example/1", language="fr", made_at=NOON
    )
    return ada


def test_each_consent_has_its_date(agreed):
    found = consents.consents_of(agreed)

    assert [consent.kind for consent in found] == list(ConsentKind)
    assert {consent.since for consent in found} == {NOON}


def test_without_an_entry_in_the_journal_the_date_is_unknown(comunik, ada):
    ada.memberships.update(shows_name=True)

    (consent,) = consents.consents_of(ada)

    assert (consent.kind, consent.since) == (ConsentKind.NAME, None)


@pytest.mark.parametrize("kind", ConsentKind)
def test_each_consent_can_be_withdrawn_alone(agreed, kind):
    found = {consent.kind: consent for consent in consents.consents_of(agreed)}

    consents.withdraw(agreed, kind, found[kind].pk, at=LATER)

    left = User.objects.get(pk=agreed.pk)
    assert [consent.kind for consent in consents.consents_of(left)] == [
        other for other in ConsentKind if other != kind
    ]
    assert left.memberships.get().receipt_mails == ReceiptMails.DIGEST


@pytest.mark.parametrize("kind", ConsentKind)
def test_nobody_withdraws_for_somebody_else(agreed, ben, kind):
    found = {consent.kind: consent for consent in consents.consents_of(agreed)}

    with pytest.raises(NotFound):
        consents.withdraw(ben, kind, found[kind].pk, at=LATER)

    assert len(consents.consents_of(User.objects.get(pk=agreed.pk))) == len(ConsentKind)


def test_a_withdrawal_is_in_the_journal(agreed):
    found = {consent.kind: consent for consent in consents.consents_of(agreed)}

    consents.withdraw(agreed, ConsentKind.NAME, found[ConsentKind.NAME].pk, at=LATER)
    entry = JournalEntry.objects.first()
    assert entry is not None
    assert entry.act == "consents.chosen"
    assert entry.detail["changes"] == {"shows_name": [True, False]}


def test_who_agreed_to_nothing_reads_that(client_of, loner):
    page = client_of(loner).get("/compte/accords/").content.decode()

    assert "Aucun accord" in page
