"""A stranger who knows an address must not keep its owner from signing in."""

import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts import services
from hackathon.base.accounts.devices import COOKIE
from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.models import EntryCode, User
from hackathon.base.core import clock
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from tests.conftest import NOON, make_user

# Codes are mailed after the commit.
pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/compte/connexion/"
ENTRY = "/compte/connexion/code-d-entree/"
ADA = "ada@example.org"
HERE, ELSEWHERE = "127.0.0.1", "203.0.113.9"
PASSWORD = "secret-of-tests"  # of every account of the tests


def by_password(browser: Client, password: str = PASSWORD, email: str = ADA) -> bool:
    browser.post(LOGIN, {"login": email, "password": password})
    return "_auth_user_id" in browser.session


def asks_for_code(browser: Client, email: str = ADA) -> bool:
    """False if it is refused."""
    return browser.post(LOGIN, {"login": email}).status_code == 302


def by_code(browser: Client) -> bool:
    mail.outbox.clear()
    browser.post(LOGIN, {"login": ADA})
    if not mail.outbox:
        return False
    code = re.search(r"\d{4}-\d{4}", str(mail.outbox[-1].body))
    assert code
    browser.post("/compte/connexion/code/", {"code": code[0]})
    return "_auth_user_id" in browser.session


def attack(network: str = HERE) -> None:
    for _ in range(12):
        by_password(Client(REMOTE_ADDR=network), "wrong")
    for _ in range(7):
        asks_for_code(Client(REMOTE_ADDR=network))


def attack_from_everywhere() -> None:
    for number in range(10):
        attack(f"198.51.100.{number}")


@pytest.fixture
def known(ada) -> Client:
    """A browser in which Ada has signed in before, and out again."""
    browser = Client()
    assert by_password(browser)
    browser.post("/compte/deconnexion/")
    assert "_auth_user_id" not in browser.session
    return browser


def test_a_known_browser_is_not_locked_out(known):
    attack()

    assert by_password(known)
    known.post("/compte/deconnexion/")
    assert by_code(known)


def test_strangers_are_still_limited(ada):
    attack()

    assert not by_password(Client())
    assert not asks_for_code(Client())


def test_strangers_elsewhere_lock_nobody_out_here(ada):
    attack(ELSEWHERE)

    assert not by_password(Client(REMOTE_ADDR=ELSEWHERE))
    assert by_password(Client())
    assert by_code(Client())


def test_all_networks_together_are_limited_too(known):
    attack_from_everywhere()

    assert not by_password(Client())
    assert not asks_for_code(Client())
    assert by_password(known)
    refused = Client().post(reverse("account_reset_password"), {"email": "other@example.org"})
    assert refused.status_code == 302  # of this address nobody has asked


@pytest.mark.parametrize(
    ("address", "is_closed"),
    [
        ("2001:db8:1:2::7", True),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", True),  # the 64 bits of one subscriber
        ("2001:db8:1:3::7", False),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_a_network_of_ipv6_is_that_of_a_subscriber(ada, address, is_closed):
    for number in range(10):
        by_password(Client(REMOTE_ADDR=f"2001:db8:1:2::{number}"), "wrong")

    assert by_password(Client(REMOTE_ADDR=address)) != is_closed


def test_without_our_proxy_no_header_makes_another_network(ada):
    for number in range(10):
        forged = {"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
        by_password(Client(headers=forged), "wrong")

    assert not by_password(Client())


def test_the_proxy_says_the_network_and_the_client_does_not(ada, settings):
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"  # as with CCD_HTTPS
    for number in range(10):
        headers = {"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": "2001:db8::1"}
        by_password(Client(headers=headers), "wrong")

    assert not by_password(Client(headers={"X-Real-IP": "2001:db8::2"}))
    assert by_password(Client(headers={"X-Real-IP": "2001:db8:0:1::2"}))
    assert by_password(Client())  # past the proxy: one network


# ---------------------------------------------------------------- mailed entry codes


def mailed_codes() -> list[str]:
    found = (re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", str(one.body)) for one in mail.outbox)
    return [code[0] for code in found if code]


def test_strangers_close_no_account_to_who_reads_its_mail(client_of, ada):
    shown = made_by(client_of(ada))
    attack_from_everywhere()
    browser, other = Client(), Client()

    [code] = mailed_codes()
    refused = browser.post(LOGIN, {"login": ADA})
    page = refused.content.decode()
    browser.post(ENTRY, {"code": code})
    other.post(ENTRY, {"code": shown})  # what was shown before is still valid

    assert "un code d’entrée y est envoyé" in page
    assert ENTRY in page
    assert who(browser) == who(other) == ada.pk
    assert COOKIE in browser.cookies
    [message] = [one for one in mail.outbox if code in str(one.body)]
    assert message.to == [ADA]
    assert message.subject == "Votre code d’entrée"
    assert f"{ENTRY}#{code}" in str(message.body)
    entry = JournalEntry.objects.get(act="entry_code.mailed")
    assert (entry.by, entry.person_pk) == (None, ada.pk)


def test_entry_codes_are_mailed_every_ten_minutes_at_most(ada):
    with time_machine.travel(NOON, tick=False) as time:
        attack()
        attack(ELSEWHERE)
        [first] = mailed_codes()
        time.shift(9 * 60)
        attack()
        assert mailed_codes() == [first]
        time.shift(2 * 60)
        attack()
        [_, second] = mailed_codes()

        assert refusal_of(first, clock.now()) == AccountRefusal.ENTRY_UNKNOWN
        assert services.enter(second, at=clock.now()) == ada


@pytest.mark.parametrize("email", ["nobody@example.org", "off@example.org"])
def test_without_an_account_the_answer_is_the_same_and_nothing_is_mailed(ada, email):
    make_user("off@example.org")
    User.objects.filter(email="off@example.org").update(is_active=False)
    with time_machine.travel(NOON, tick=False):
        for _ in range(6):
            refused = Client().post(LOGIN, {"login": email}).content.decode()
            asked = Client().post(LOGIN, {"login": ADA}).content.decode()

    assert [one.to for one in mail.outbox if "d’entrée" in one.subject] == [[ADA]]
    assert "un code d’entrée y est envoyé" in refused
    assert visible(refused, email) == visible(asked, ADA)


def visible(page: str, email: str) -> str:
    return re.sub(r"\b\w{64}\b", "", page).replace(email, "")  # CSRF tokens


def who(browser: Client) -> int | None:
    pk = browser.session.get("_auth_user_id")
    return int(pk) if pk else None


def test_a_known_browser_has_its_own_limit(known):
    for _ in range(10):
        by_password(known, "wrong")

    assert not by_password(known)
    assert by_password(Client())  # which is not that of strangers


def test_a_browser_is_known_for_its_own_accounts_only(known):
    cleo = make_user("cleo@example.org")
    for _ in range(12):
        by_password(Client(), "wrong", cleo.email)

    assert not by_password(known, email=cleo.email)


def test_a_forged_cookie_makes_no_known_browser(known):
    attack()
    browser = Client()
    value = known.cookies[COOKIE].value
    browser.cookies[COOKIE] = value[:-2] + ("AA" if value[-2:] != "AA" else "BB")

    assert not by_password(browser)


def test_a_browser_keeps_several_accounts(known):
    make_user("cleo@example.org")
    by_password(known, email="cleo@example.org")
    known.post("/compte/deconnexion/")
    attack()

    assert by_password(known)


def test_requests_to_reset_the_password_leave_the_codes_alone(ada):
    for _ in range(8):
        Client().post(reverse("account_reset_password"), {"email": ADA})

    assert by_code(Client())


def test_requests_for_codes_leave_the_reset_alone(ada):
    attack()

    answer = Client().post(reverse("account_reset_password"), {"email": ADA})

    assert answer.status_code == 302


def test_who_is_locked_out_reads_of_another_way(ada):
    attack()

    answer = Client().post(LOGIN, {"login": ADA, "password": PASSWORD})

    assert "code d’entrée" in answer.content.decode()
    assert ENTRY in answer.content.decode()


# ---------------------------------------------------------------- entry codes


def made_by(browser: Client) -> str:
    page = browser.post("/compte/autre-appareil/").content.decode()
    code = re.search(r'id="entry-code"[^>]*>([A-Z0-9-]+)<', page)
    assert code
    return code[1]


def test_a_signed_in_browser_lets_another_one_in(client_of, ada):
    code = made_by(client_of(ada))
    attack()
    browser = Client()

    answer = browser.post(ENTRY, {"code": code.lower()})

    assert answer.status_code == 302
    assert browser.session["_auth_user_id"] == str(ada.pk)
    assert COOKIE in browser.cookies
    acts = list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["entry_code.made", "entry_code.mailed", "entry_code.used"]


def refusal_of(code: str, at: object = NOON) -> str:
    with pytest.raises(Refused) as refused:
        services.enter(code, at=at)
    return refused.value.refusal.code.value


@pytest.mark.database
def test_an_entry_code_is_for_once(ada):
    code = services.make_entry_code(ada, by=ada, at=NOON)

    assert services.enter(code, at=NOON) == ada
    assert refusal_of(code) == AccountRefusal.ENTRY_UNKNOWN


def test_an_entry_code_is_for_a_quarter_of_an_hour(ada):
    code = services.make_entry_code(ada, by=ada, at=NOON)

    assert refusal_of(code, NOON + services.ENTRY_CODE_VALID) == AccountRefusal.ENTRY_UNKNOWN


@pytest.mark.database
def test_a_new_entry_code_ends_the_former_one(ada):
    former = services.make_entry_code(ada, by=ada, at=NOON)
    services.make_entry_code(ada, by=ada, at=NOON)

    assert refusal_of(former) == AccountRefusal.ENTRY_UNKNOWN


def test_sign_out_everywhere_ends_entry_codes(ada):
    code = services.make_entry_code(ada, by=ada, at=NOON)
    services.sign_out_everywhere(ada, by=ada, at=NOON)

    assert refusal_of(code) == AccountRefusal.ENTRY_UNKNOWN


def test_a_deactivated_account_has_no_entry(ada):
    code = services.make_entry_code(ada, by=ada, at=NOON)
    User.objects.filter(pk=ada.pk).update(is_active=False)

    assert refusal_of(code) == AccountRefusal.ENTRY_UNKNOWN


def test_a_wrong_entry_code_is_refused_and_says_what_to_do(ada):
    answer = Client().post(ENTRY, {"code": "AAAAA-AAAAA"})

    assert answer.status_code == 422
    assert "Demandez-en un autre" in answer.content.decode()


def test_the_code_is_not_stored(ada):
    code = services.make_entry_code(ada, by=ada, at=NOON)

    stored = EntryCode.objects.get()

    assert code.replace("-", "") not in str(vars(stored))


@time_machine.travel(NOON, tick=False)
def test_an_organizer_lets_a_member_in(client_of, eve, ben, comunik):
    membership = comunik.memberships.get(user=ben)

    page = client_of(eve).post(f"/organisation/membres/{membership.pk}/code-d-entree/")
    code = re.search(r'id="entry-code"[^>]*>([A-Z0-9-]+)<', page.content.decode())
    browser = Client()
    assert code
    browser.post(ENTRY, {"code": code[1]})

    assert browser.session["_auth_user_id"] == str(ben.pk)


@pytest.mark.parametrize("right", ["is_superuser", "is_staff", "organizer"])
@time_machine.travel(NOON, tick=False)
def test_an_organizer_gets_no_more_rights_by_an_entry_code(client_of, eve, ben, comunik, right):
    if right == "organizer":
        comunik.edition.organizers.add(ben)
    else:
        User.objects.filter(pk=ben.pk).update(**{right: True})
    membership = comunik.memberships.get(user=ben)

    client_of(eve).post(f"/organisation/membres/{membership.pk}/code-d-entree/")

    assert not EntryCode.objects.exists()
