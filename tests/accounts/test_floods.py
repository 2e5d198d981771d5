"""What one person can repeat without end: it fills the journal, or mailboxes of others."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from hackathon.base.accounts.models import EntryCode
from hackathon.base.core.models import JournalEntry
from hackathon.base.push.models import Subscription
from tests.push.conftest import GIVEN

pytestmark = pytest.mark.django_db(transaction=True)

TOO_OFTEN = "Trop de demandes à la suite"


@pytest.fixture
def browser(client_of, ada) -> Client:
    return client_of(ada)


@pytest.mark.parametrize(
    ("path", "field", "act", "limit"),
    [
        ("/compte/", "name", "user.renamed", 20),
        ("/compte/telephone/", "phone", "phone.changed", 20),
        ("/compte/autre-appareil/", "", "entry_code.made", 10),
    ],
)
def test_what_the_journal_records_is_not_repeated_without_end(
    browser, ada, path, field, act, limit
):
    for number in range(limit + 5):
        answer: Any = browser.post(path, {field: f"06 12 34 56 {number:02}"}, follow=True)

    assert TOO_OFTEN in answer.content.decode()
    assert JournalEntry.objects.filter(act=act, by=ada).count() == limit


def test_another_person_is_not_stopped(browser, client_of, ben):
    for number in range(25):
        browser.post("/compte/", {"name": f"Ada {number}"})

    assert client_of(ben).post("/compte/", {"name": "Ben"}).status_code == 302


def test_a_browser_does_not_subscribe_without_end(browser, ada):
    statuses = [
        browser.post(
            "/compte/notifications/marche/",
            {**GIVEN, "endpoint": f"https://push.example.net/{number}"},
        ).status_code
        for number in range(23)
    ]

    assert statuses == [204] * 20 + [429] * 3
    assert Subscription.objects.count() == 1


def test_one_network_sends_few_mails_to_one_address(ada):
    """Codes, each sent again twice, codes for a new password, and one entry code."""
    for _ in range(12):
        browser = Client()
        browser.post("/compte/connexion/", {"login": ada.email})
        for _ in range(4):
            browser.post("/compte/connexion/code/", {"action": "resend"})
        Client().post("/compte/mot-de-passe/oublie/", {"email": ada.email})

    assert len(mail.outbox) == 5 * 3 + 5 + 1
    assert not EntryCode.objects.exclude(is_mailed=True).exists()
