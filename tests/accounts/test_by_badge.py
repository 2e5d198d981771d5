"""A badge opens a jury, not the account of its juror."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts import services
from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.core import clock
from judging.setup.services import badges
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
ACCOUNT = [
    "accounts:profile",
    "accounts:tokens",
    "accounts:other-device",
    "accounts:sessions",
    "privacy:own",
    "privacy:download",
    "privacy:consents",
    "privacy:own-erasure",
    "account_set_password",
    "account_email",
    "mfa_index",
]


@pytest.fixture(autouse=True)
def traveller() -> object:
    with time_machine.travel(NOON, tick=False) as found:
        yield found


@pytest.fixture
def tablet(dan, eve) -> Client:
    dan.user.set_unusable_password()
    dan.user.save()
    badge = badges.issue(juror=dan, by=eve, at=clock.now())
    browser = Client()
    browser.post(reverse("judging:badge"), {"token": badge.token, "confirmed": "1"})
    return browser


def test_a_badge_opens_the_jury_and_no_page_of_the_account(tablet):
    pages = {name: tablet.get(reverse(name)) for name in ACCOUNT}
    posted = tablet.post(
        reverse("accounts:tokens"), {"name": "x", "scopes": ["read"], "days": "365"}
    )
    password = tablet.post(
        reverse("account_set_password"), {"password1": "une-phrase-9", "password2": "une-phrase-9"}
    )

    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(ACCOUNT, 403)
    assert "Un badge ouvre le jury, pas votre compte" in pages["privacy:own"].content.decode()
    assert (posted.status_code, password.status_code) == (403, 403)
    assert not ApiToken.objects.exists()
    assert tablet.get(reverse("judging:index")).status_code == 200
    assert tablet.post(reverse("account_logout")).status_code == 302


def test_a_juror_with_a_password_reauthenticates_and_again_after_15_minutes(tablet, dan, traveller):
    dan.user.set_password("grenouille-7-pluie")
    User.objects.filter(pk=dan.user.pk).update(password=dan.user.password)
    dan.user.refresh_from_db()
    session = tablet.session
    session["_auth_user_hash"] = dan.user.get_session_auth_hash()
    session.save()
    own = reverse("privacy:own")

    asked = tablet.get(own)
    proved = tablet.post(asked["Location"], {"password": "grenouille-7-pluie"})
    shown = tablet.get(own)
    traveller.shift(timedelta(minutes=16))
    later = tablet.get(own)

    assert asked["Location"] == f"{reverse('account_reauthenticate')}?next=%2Fcompte%2Fdonnees%2F"
    assert proved["Location"] == own
    assert shown.status_code == 200
    assert later["Location"] == asked["Location"]


def test_the_same_juror_opens_the_account_in_a_session_of_their_own(client, dan):
    client.force_login(dan.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(reverse("privacy:own")).status_code == 200


def test_an_entry_code_on_the_tablet_opens_the_account(tablet, dan):
    code = services.make_entry_code(dan.user, by=dan.user, at=clock.now())

    tablet.post(reverse("accounts:enter"), {"code": code})

    assert tablet.get(reverse("privacy:own")).status_code == 200
