import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, CODES = "/compte/adresse/", "/compte/adresse/codes/"


def codes() -> dict[str, str]:
    """By address."""
    found = {}
    for message in mail.outbox:
        if code := re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", message.body):
            found[message.to[0]] = code.group()
    return found


@pytest.mark.database
def test_an_address_changes_with_a_code_of_each(client_of, ada, settings):
    browser = client_of(ada)
    Client().post("/compte/connexion/", {"login": ada.email, "password": "secret-of-tests"})
    assert ada.emailaddress_set.count() == 1
    assert browser.get(CODES).headers["Location"] == ADDRESS
    asked = browser.post(ADDRESS, {"email": "Ada@New.example"})
    old, new = codes()["ada@example.org"], codes()["ada@new.example"]

    swapped = browser.post(CODES, {"old_code": new, "new_code": old})
    one = browser.post(CODES, {"old_code": old, "new_code": old})
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    done = browser.post(CODES, {"old_code": old.lower(), "new_code": new})
    again = browser.post(CODES, {"old_code": old, "new_code": new})

    ada.refresh_from_db()
    assert asked.headers["Location"] == CODES
    assert "code reçu à votre adresse actuelle" in swapped.content.decode()
    assert "code reçu à la nouvelle adresse" in one.content.decode()
    assert done.headers["Location"] == "/compte/"
    assert again.headers["Location"] == ADDRESS
    assert ada.email == "ada@new.example"
    assert [found.email for found in ada.emailaddress_set.all()] == ["ada@new.example"]
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert "ada@new.example" in mail.outbox[-1].body
    assert JournalEntry.objects.get(act="user.address_changed").detail == {}


def test_the_address_of_another_account_looks_free_and_gets_no_code(client_of, ada, ben):
    browser = client_of(ada)

    free = browser.post(ADDRESS, {"email": "free@example.org"})
    taken = browser.post(ADDRESS, {"email": "BEN@example.org"})
    answer = browser.post(CODES, {"old_code": codes()[ada.email], "new_code": "AAAAA-AAAAA"})

    assert free.headers["Location"] == taken.headers["Location"] == CODES
    assert "ben@example.org" not in codes()
    assert mail.outbox[-1].to == ["ben@example.org"]
    assert answer.status_code == 422


@pytest.mark.database
def test_an_address_that_got_an_account_meanwhile_is_refused(client_of, ada):
    browser = client_of(ada)
    browser.post(ADDRESS, {"email": "new@example.org"})
    User.objects.create_user("new@example.org")

    answer = browser.post(
        CODES, {"old_code": codes()[ada.email], "new_code": codes()["new@example.org"]}
    )

    ada.refresh_from_db()
    assert "ne valent plus rien" in answer.content.decode()
    assert ada.email == "ada@example.org"


def test_codes_expire(client_of, ada):
    browser = client_of(ada)
    with time_machine.travel(NOON, tick=False):
        browser.post(ADDRESS, {"email": "new@example.org"})
    found = {"old_code": codes()[ada.email], "new_code": codes()["new@example.org"]}

    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        answer = browser.post(CODES, found)

    assert "ne valent plus rien" in answer.content.decode()


def test_what_may_not_be_an_address_is_refused(client_of, ada, settings):
    browser = client_of(ada)
    settings.SIGNUP_DOMAINS = ["example.org"]

    same = browser.post(ADDRESS, {"email": "ADA@example.org"})
    other = browser.post(ADDRESS, {"email": "ada@gmail.example"})
    broken = browser.post(ADDRESS, {"email": "ada"})
    for number in range(6):
        many = browser.post(ADDRESS, {"email": f"a{number}@example.org"})

    assert "C’est déjà votre adresse." in same.content.decode()
    assert "@example.org." in other.content.decode()
    assert broken.status_code == 422
    assert "Trop de demandes" in many.content.decode()
