import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from tests.conftest import make_user

pytestmark = pytest.mark.django_db(transaction=True)  # mail is sent on commit

LOGIN = "/compte/connexion/"
CODE = "/compte/connexion/code/"
SIGNUP = "/compte/nouveau/"
SIGNUP_CODE = "/compte/nouveau/code/"
FORGOTTEN = "/compte/mot-de-passe/oublie/"


def mailed_code() -> str:
    found = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)
    assert found is not None
    return found.group()


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_signs_in_and_redirects_to_next(client: Client, ada: User) -> None:
    asked = client.post(LOGIN, {"login": "ADA@example.org", "next": "/equipe/"})
    code_page = asked.headers["Location"]

    answer = client.post(code_page, {"code": mailed_code().replace("-", " ")})

    assert mail.outbox[-1].to == ["ada@example.org"]
    assert mail.outbox[-1].subject == "Votre code de connexion"
    assert answer.headers["Location"] == "/equipe/"
    assert signed_in(client)


def test_without_next_sign_in_redirects_to_the_start_page(client: Client, ada: User) -> None:
    client.post(LOGIN, {"login": ada.email})

    answer = client.post(CODE, {"code": mailed_code()})

    assert answer.headers["Location"] == reverse("site:start")


def test_sign_in_does_not_redirect_to_another_site(client: Client, ada: User) -> None:
    answer = client.post(
        LOGIN, {"login": ada.email, "password": "secret-of-tests", "next": "https://evil.example/"}
    )

    assert answer.headers["Location"] == reverse("site:start")


def test_a_password_signs_in_an_account_that_was_not_made_by_sign_up(
    client: Client, ada: User
) -> None:
    answer = client.post(LOGIN, {"login": ada.email, "password": "secret-of-tests"})

    assert answer.headers["Location"] == reverse("site:start")
    assert signed_in(client)
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_has_the_same_answer_for_every_address(
    client: Client, ada: User, email: str
) -> None:
    answer = client.post(LOGIN, {"login": email, "password": "wrong"})

    page = answer.content.decode()
    assert "L’adresse ou le mot de passe n’est pas le bon." in page
    assert f'value="{email}"' in page
    assert not signed_in(client)


def test_an_empty_password_is_refused_and_nothing_is_mailed(client: Client, ada: User) -> None:
    answer = client.post(LOGIN, {"login": ada.email, "password": ""})

    assert answer.status_code == 200
    assert mail.outbox == []


def test_the_code_page_is_the_same_for_an_unknown_address(client: Client, ada: User) -> None:
    pages = []
    for email in ("ada@example.org", "bob@example.org"):
        browser = Client()
        answer = browser.post(LOGIN, {"login": email})
        page = browser.get(answer.headers["Location"]).content.decode()
        pages.append(re.sub(r'[A-Za-z0-9]{64}|(ada|bob)@|data-now="\d+"', "", page))

    assert pages[0] == pages[1]
    assert mail.outbox[-1].subject == "Pas encore de compte à cette adresse"
    assert f"http://testserver{SIGNUP}" in mail.outbox[-1].body


def test_after_three_wrong_codes_sign_in_starts_again(client: Client, ada: User) -> None:
    client.post(LOGIN, {"login": ada.email})

    answers = [client.post(CODE, {"code": "0000-0000"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert "Ce n’est pas le code reçu." in answers[0].content.decode()
    assert answers[-1].headers["Location"] == LOGIN


def test_a_new_code_can_be_requested(client: Client, ada: User) -> None:
    client.post(LOGIN, {"login": ada.email})
    first = mailed_code()

    client.post(CODE, {"action": "resend"})
    client.post(CODE, {"code": mailed_code()})

    assert mailed_code() != first
    assert signed_in(client)


def test_codes_are_counted_per_address_and_not_per_network(client: Client, ada: User) -> None:
    for _ in range(6):
        answer = Client().post(LOGIN, {"login": ada.email})
    assert "Trop d’essais pour cette adresse" in answer.content.decode()

    others = [Client().post(LOGIN, {"login": f"s{n}@example.org"}) for n in range(60)]

    assert {answer.status_code for answer in others} == {302}


def test_sign_up_by_name_address_and_code(client: Client) -> None:
    client.post(SIGNUP, {"name": "Fay  Martin", "email": "Fay@example.org", "next": "/equipe/"})
    assert not signed_in(client)

    answer = client.post(SIGNUP_CODE, {"code": mailed_code()})

    fay = User.objects.get()
    assert (fay.email, fay.name, fay.has_usable_password()) == (
        "fay@example.org",
        "Fay Martin",
        False,
    )
    assert answer.headers["Location"] == "/equipe/"
    assert signed_in(client)


def test_only_the_owner_learns_of_a_second_sign_up(client: Client, ada: User) -> None:
    answer = client.post(SIGNUP, {"name": "X", "email": ada.email})

    assert answer.headers["Location"] == SIGNUP_CODE
    assert client.get(SIGNUP_CODE).status_code == 200
    assert mail.outbox[-1].subject == "Vous avez déjà un compte"
    assert LOGIN in mail.outbox[-1].body
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_a_user_who_never_entered_the_first_code_can_sign_in(client: Client) -> None:
    Client().post(SIGNUP, {"name": "Fay", "email": "fay@example.org"})

    client.post(LOGIN, {"login": "fay@example.org"})
    client.post(CODE, {"code": mailed_code()})

    assert signed_in(client)


def test_sign_up_can_be_limited_to_domains(client: Client, settings: object) -> None:
    settings.SIGNUP_DOMAINS = ["etu.univ-lorraine.fr"]  # type: ignore[attr-defined]

    refused = client.post(SIGNUP, {"name": "Fay", "email": "fay@example.org"})
    accepted = client.post(SIGNUP, {"name": "Fay", "email": "fay@ETU.univ-lorraine.fr"})

    assert "en @etu.univ-lorraine.fr" in refused.content.decode()
    assert accepted.headers["Location"] == SIGNUP_CODE
    assert User.objects.count() == 1


def test_a_forgotten_password_is_replaced_after_a_code(client: Client, ada: User) -> None:
    client.post(FORGOTTEN, {"email": ada.email})
    client.post(f"{FORGOTTEN}code/", {"code": mailed_code()})

    answer = client.post(
        f"{FORGOTTEN}nouveau/", {"password1": "lampes-allumees", "password2": "lampes-allumees"}
    )

    ada.refresh_from_db()
    assert answer.status_code == 302
    assert ada.check_password("lampes-allumees")
    assert signed_in(client)


def test_a_forgotten_password_has_the_same_answer_for_every_address(
    client: Client, ada: User
) -> None:
    answers = [Client().post(FORGOTTEN, {"email": email}) for email in (ada.email, "x@example.org")]

    assert {answer.headers["Location"] for answer in answers} == {f"{FORGOTTEN}code/"}
    assert [message.subject for message in mail.outbox] == [
        "Votre code pour un nouveau mot de passe",
        "Pas encore de compte à cette adresse",
    ]


def test_a_deactivated_account_gets_no_code(client: Client) -> None:
    make_user("gone@example.org", is_active=False)

    client.post(LOGIN, {"login": "gone@example.org"})

    assert mail.outbox[-1].subject == "Pas encore de compte à cette adresse"


def test_codes_are_not_logged(client: Client, ada: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    client.post(LOGIN, {"login": ada.email})

    assert mailed_code() not in caplog.text


def test_a_wrong_address_can_be_changed_from_the_code_page(client: Client, ada: User) -> None:
    client.post(LOGIN, {"login": "typo@example.org", "next": "/equipe/"})
    page = client.get(f"{CODE}?next=/equipe/").content.decode()
    assert f'name="next" value="{LOGIN}?next=%2Fequipe%2F"' in page

    answer = client.post(reverse("account_logout"), {"next": f"{LOGIN}?next=%2Fequipe%2F"})

    assert answer.headers["Location"] == f"{LOGIN}?next=%2Fequipe%2F"
    assert client.get(answer.headers["Location"]).status_code == 200


ENGLISH = re.compile(r"\b(email address|password|sign in|sign up|log in|submit|code sent|verify)\b")


@pytest.mark.parametrize("path", [LOGIN, SIGNUP, FORGOTTEN])
def test_sign_in_pages_are_french(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    text = re.sub(r"<[^>]+>|<!--.*?-->", " ", page)
    assert not ENGLISH.search(text.lower())


@pytest.mark.parametrize(
    "name", ["account_change_password", "accounts:profile", "account_logout", "account_email"]
)
def test_pages_of_the_account(client_of: Callable[[User], Client], ada: User, name: str) -> None:
    answer = client_of(ada).get(reverse(name), follow=True)

    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.content.decode()).lower()
    assert not ENGLISH.search(text)


def test_other_pages_of_allauth_do_not_exist(client: Client) -> None:
    for path in ("/compte/login/", "/compte/email/", "/compte/signup/", "/compte/reauthenticate/"):
        assert client.get(path).status_code == 404


def test_the_admin_uses_the_same_sign_in(
    client: Client, client_of: Callable[[User], Client], ada: User
) -> None:
    answer = client.get("/admin/login/?next=/admin/")

    assert answer.headers["Location"] == f"{LOGIN}?next=%2Fadmin%2F"
    assert client_of(ada).get("/admin/login/").status_code == 403
