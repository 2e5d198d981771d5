"""A stranger who knows an address must not keep its owner from signing in."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from hackathon.accounts import services
from hackathon.accounts.devices import COOKIE
from hackathon.accounts.errors import AccountRefusal
from hackathon.accounts.models import EntryCode, User
from hackathon.core.errors import Refused
from hackathon.core.models import JournalEntry
from teams.models import Team
from tests.conftest import NOON, make_user

# Codes are mailed after the commit.
pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/compte/connexion/"
ENTRY = "/compte/connexion/code-d-entree/"
ADA = "ada@example.org"
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


def attack() -> None:
    for _ in range(12):
        by_password(Client(), "wrong")
    for _ in range(7):
        asks_for_code(Client())


@pytest.fixture
def known(ada: User) -> Client:
    """A browser in which Ada has signed in before, and out again."""
    browser = Client()
    assert by_password(browser)
    browser.post("/compte/deconnexion/")
    assert "_auth_user_id" not in browser.session
    return browser


def test_a_known_browser_is_not_locked_out(known: Client) -> None:
    attack()

    assert by_password(known)
    known.post("/compte/deconnexion/")
    assert by_code(known)


def test_strangers_are_still_limited(ada: User) -> None:
    attack()

    assert not by_password(Client())
    assert not asks_for_code(Client())


def test_a_known_browser_has_its_own_limit(known: Client) -> None:
    for _ in range(10):
        by_password(known, "wrong")

    assert not by_password(known)
    assert by_password(Client())  # which is not that of strangers


def test_a_browser_is_known_for_its_own_accounts_only(known: Client) -> None:
    cleo = make_user("cleo@example.org")
    for _ in range(12):
        by_password(Client(), "wrong", cleo.email)

    assert not by_password(known, email=cleo.email)


def test_a_forged_cookie_makes_no_known_browser(known: Client) -> None:
    attack()
    browser = Client()
    value = known.cookies[COOKIE].value
    browser.cookies[COOKIE] = value[:-2] + ("AA" if value[-2:] != "AA" else "BB")

    assert not by_password(browser)


def test_a_browser_keeps_several_accounts(known: Client) -> None:
    make_user("cleo@example.org")
    by_password(known, email="cleo@example.org")
    known.post("/compte/deconnexion/")
    attack()

    assert by_password(known)


def test_requests_to_reset_the_password_leave_the_codes_alone(ada: User) -> None:
    for _ in range(8):
        Client().post(reverse("account_reset_password"), {"email": ADA})

    assert by_code(Client())


def test_requests_for_codes_leave_the_reset_alone(ada: User) -> None:
    attack()

    answer = Client().post(reverse("account_reset_password"), {"email": ADA})

    assert answer.status_code == 302


def test_who_is_locked_out_reads_of_another_way(ada: User) -> None:
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


def test_a_signed_in_browser_lets_another_one_in(
    client_of: Callable[[User], Client], ada: User
) -> None:
    code = made_by(client_of(ada))
    attack()
    browser = Client()

    answer = browser.post(ENTRY, {"code": code.lower()})

    assert answer.status_code == 302
    assert browser.session["_auth_user_id"] == str(ada.pk)
    assert COOKIE in browser.cookies
    acts = list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-2:] == ["entry_code.made", "entry_code.used"]


def refusal_of(code: str, at: object = NOON) -> str:
    with pytest.raises(Refused) as refused:
        services.enter(code, at=at)  # type: ignore[arg-type]
    return refused.value.refusal.code.value


@pytest.mark.database
def test_an_entry_code_is_for_once(ada: User) -> None:
    code = services.make_entry_code(ada, by=ada, at=NOON)

    assert services.enter(code, at=NOON) == ada
    assert refusal_of(code) == AccountRefusal.ENTRY_UNKNOWN


def test_an_entry_code_is_for_a_quarter_of_an_hour(ada: User) -> None:
    code = services.make_entry_code(ada, by=ada, at=NOON)

    assert refusal_of(code, NOON + services.ENTRY_CODE_VALID) == AccountRefusal.ENTRY_UNKNOWN


@pytest.mark.database
def test_a_new_entry_code_ends_the_former_one(ada: User) -> None:
    former = services.make_entry_code(ada, by=ada, at=NOON)
    services.make_entry_code(ada, by=ada, at=NOON)

    assert refusal_of(former) == AccountRefusal.ENTRY_UNKNOWN


def test_sign_out_everywhere_ends_entry_codes(ada: User) -> None:
    code = services.make_entry_code(ada, by=ada, at=NOON)
    services.sign_out_everywhere(ada, by=ada, at=NOON)

    assert refusal_of(code) == AccountRefusal.ENTRY_UNKNOWN


def test_a_deactivated_account_has_no_entry(ada: User) -> None:
    code = services.make_entry_code(ada, by=ada, at=NOON)
    User.objects.filter(pk=ada.pk).update(is_active=False)

    assert refusal_of(code) == AccountRefusal.ENTRY_UNKNOWN


def test_a_wrong_entry_code_is_refused_and_says_what_to_do(ada: User) -> None:
    answer = Client().post(ENTRY, {"code": "AAAAA-AAAAA"})

    assert answer.status_code == 422
    assert "Demandez-en un autre" in answer.content.decode()


def test_the_code_is_not_stored(ada: User) -> None:
    code = services.make_entry_code(ada, by=ada, at=NOON)

    stored = EntryCode.objects.get()

    assert code.replace("-", "") not in str(vars(stored))


@time_machine.travel(NOON, tick=False)
def test_an_organizer_lets_a_member_in(
    client_of: Callable[[User], Client], eve: User, ben: User, comunik: Team
) -> None:
    membership = comunik.memberships.get(user=ben)

    page = client_of(eve).post(f"/organisation/membres/{membership.pk}/code-d-entree/")
    code = re.search(r'id="entry-code"[^>]*>([A-Z0-9-]+)<', page.content.decode())
    browser = Client()
    assert code
    browser.post(ENTRY, {"code": code[1]})

    assert browser.session["_auth_user_id"] == str(ben.pk)


@pytest.mark.parametrize("right", ["is_superuser", "is_staff", "organizer"])
@time_machine.travel(NOON, tick=False)
def test_an_organizer_gets_no_more_rights_by_an_entry_code(
    client_of: Callable[[User], Client], eve: User, ben: User, comunik: Team, right: str
) -> None:
    if right == "organizer":
        comunik.edition.organizers.add(ben)
    else:
        User.objects.filter(pk=ben.pk).update(**{right: True})
    membership = comunik.memberships.get(user=ben)

    client_of(eve).post(f"/organisation/membres/{membership.pk}/code-d-entree/")

    assert not EntryCode.objects.exists()
