import re

import pytest
import time_machine
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.typography import spaced
from tests.conftest import NOON, make_user

pytestmark = pytest.mark.django_db(transaction=True)  # mail is sent on commit

LOGIN = "/compte/connexion/"
CODE = "/compte/connexion/code/"
FORGOTTEN = "/compte/mot-de-passe/oublie/"


def mailed_code() -> str:
    found = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)
    assert found is not None
    return found.group()


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_signs_in_and_redirects_to_next(client, ada):
    asked = client.post(LOGIN, {"login": "ADA@example.org\u200b", "next": "/equipe/"})
    code_page = asked.headers["Location"]

    answer = client.post(code_page, {"code": mailed_code().replace("-", " ")})

    assert mail.outbox[-1].to == ["ada@example.org"]
    assert mail.outbox[-1].subject == "Votre code de connexion"
    assert answer.headers["Location"] == "/equipe/"
    assert signed_in(client)


def test_without_next_sign_in_redirects_to_the_start_page(client, ada):
    client.post(LOGIN, {"login": ada.email})

    answer = client.post(CODE, {"code": mailed_code()})

    assert answer.headers["Location"] == reverse("site:start")


def test_sign_in_does_not_redirect_to_another_site(client, ada):
    answer = client.post(
        LOGIN, {"login": ada.email, "password": "secret-of-tests", "next": "https://evil.example/"}
    )

    assert answer.headers["Location"] == reverse("site:start")


def test_a_password_signs_in_an_account_that_was_not_made_by_sign_up(client, ada):
    answer = client.post(LOGIN, {"login": ada.email, "password": "secret-of-tests"})

    assert answer.headers["Location"] == reverse("site:start")
    assert signed_in(client)
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_has_the_same_answer_for_every_address(client, ada, email):
    answer = client.post(LOGIN, {"login": email, "password": "wrong"})

    page = answer.content.decode()
    assert "L’adresse ou le mot de passe n’est pas le bon." in page
    assert f'value="{email}"' in page
    assert not signed_in(client)


def test_an_empty_password_is_refused_and_nothing_is_mailed(client, ada):
    answer = client.post(LOGIN, {"login": ada.email, "password": ""})

    assert answer.status_code == 200
    assert mail.outbox == []


def test_the_code_page_is_the_same_for_every_address(client, ada):
    make_user("gone@example.org", is_active=False)
    pages = []
    for email in ("ada@example.org", "bob@example.org", "gone@example.org"):
        browser = Client()
        answer = browser.post(LOGIN, {"login": email})
        page = browser.get(answer.headers["Location"]).content.decode()
        wrong = browser.post(CODE, {"code": "0000-0000"}).content.decode()
        pages.append(re.sub(r'[A-Za-z0-9]{64}|(ada|bob|gone)@|data-now="\d+"', "", page + wrong))

    assert len(set(pages)) == 1
    assert [message.subject for message in mail.outbox] == [
        "Votre code de connexion",
        "Votre code pour entrer",
        "Votre compte est désactivé",
    ]


@time_machine.travel(NOON, tick=False)
def test_the_mail_names_the_device_that_asked(ada):
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
    laptop = Client()
    Client(headers={"User-Agent": phone}).post(LOGIN, {"login": ada.email})
    of_phone = mailed_code()
    laptop.post(LOGIN, {"login": ada.email})

    answer = laptop.post(CODE, {"code": of_phone})

    assert spaced("Demandé à 13:00 depuis Chrome, Android : il ne vaut que") in mail.outbox[0].body
    assert spaced("Demandé à 13:00 : il ne vaut que sur l’appareil") in mail.outbox[1].body
    assert "Un code ne vaut que sur l’appareil qui l’a demandé" in answer.content.decode()


def test_after_three_wrong_codes_sign_in_starts_again(client, ada):
    client.post(LOGIN, {"login": ada.email})

    answers = [client.post(CODE, {"code": "0000-0000"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert "Ce n’est pas le code reçu." in answers[0].content.decode()
    assert answers[-1].headers["Location"] == LOGIN


def test_a_new_code_can_be_requested(client, ada):
    client.post(LOGIN, {"login": ada.email})
    first = mailed_code()

    client.post(CODE, {"action": "resend"})
    client.post(CODE, {"code": mailed_code()})

    assert mailed_code() != first
    assert signed_in(client)


def test_codes_are_counted_per_address_of_mail_and_not_per_network_alone(client, ada):
    for _ in range(6):
        answer = Client().post(LOGIN, {"login": ada.email})
    assert "Trop de codes demandés pour cette adresse" in answer.content.decode()

    others = [Client().post(LOGIN, {"login": f"s{n}@example.org"}) for n in range(60)]

    assert {answer.status_code for answer in others} == {302}


def test_the_code_sent_to_an_unknown_address_makes_the_account(client):
    join = "/equipe/rejoindre/KX4P9T/"
    asked = client.get(join)
    client.get(asked.headers["Location"])
    code_page = client.post(LOGIN, {"login": "Fay@example.org", "next": join}).headers["Location"]
    assert not User.objects.exists()
    client.post(code_page, {"action": "resend"})  # the first mail was lost

    named = client.post(code_page, {"code": mailed_code()}).headers["Location"]
    page = client.get(named).content.decode()
    answer = client.post(named, {"name": "Fay  Martin", "next": join})

    fay = User.objects.get()
    assert (fay.email, fay.name, fay.has_usable_password()) == (
        "fay@example.org",
        "Fay Martin",
        False,
    )
    assert fay.emailaddress_set.get().verified
    assert f'name="next" value="{join}"' in page
    assert answer.headers["Location"] == join
    assert signed_in(client)


def test_the_page_of_the_name_redirects_to_no_other_site(client):
    client.post(LOGIN, {"login": "fay@example.org"})
    client.post(CODE, {"code": mailed_code()})

    answer = client.post("/compte/nom/", {"name": "Fay", "next": "https://evil.example/"})
    path = client.post("/compte/nom/", {"name": "Fay", "next": "equipe"})

    assert answer.headers["Location"] == reverse("site:start")
    assert path.headers["Location"] == "equipe"


def test_two_browsers_with_codes_for_one_new_address_get_one_account():
    browsers = [Client(), Client()]
    codes = []
    for browser in browsers:
        browser.post(LOGIN, {"login": "fay@example.org"})
        codes.append(mailed_code())

    for browser, code in zip(browsers, codes, strict=True):
        browser.post(CODE, {"code": code})

    assert [signed_in(browser) for browser in browsers] == [True, True]
    assert User.objects.count() == 1


def test_the_code_of_another_address_makes_no_account(client):
    Client().post(LOGIN, {"login": "own@example.org"})
    own = mailed_code()
    client.post(LOGIN, {"login": "victim@example.org"})

    answer = client.post(CODE, {"code": own})

    assert "Ce n’est pas le code reçu." in answer.content.decode()
    assert not User.objects.exists()


def test_new_accounts_can_be_limited_to_domains(client, settings):
    settings.SIGNUP_DOMAINS = ["etu.univ-lorraine.fr"]

    page = client.get(LOGIN).content.decode()
    refused = Client().post(LOGIN, {"login": "fay@example.org"})
    last_mail = mail.outbox[-1]
    accepted = Client().post(LOGIN, {"login": "fay@ETU.univ-lorraine.fr"})

    assert "en @etu.univ-lorraine.fr" in page
    assert "en @etu.univ-lorraine.fr" in last_mail.body
    assert not re.search(r"\d{4}-\d{4}", last_mail.body)
    assert mailed_code()
    assert refused.headers["Location"] == accepted.headers["Location"] == CODE


def test_the_old_page_of_sign_up_leads_to_the_field(client):
    answer = client.get("/compte/nouveau/?next=/equipe/")

    assert answer.headers["Location"] == f"{LOGIN}?next=/equipe/"


def test_only_an_ended_session_is_shown_as_ended(client_of, ada):
    browser, ended = client_of(ada), "Votre connexion a pris fin"
    first = Client().get("/equipe/").headers["Location"]
    ada.set_password("une-autre-phrase")
    ada.save()

    after = browser.get("/equipe/").headers["Location"]

    assert ended not in Client().get(first).content.decode()
    assert ended in browser.get(after).content.decode()


def test_a_forgotten_password_is_replaced_after_a_code(client, ada):
    client.post(FORGOTTEN, {"email": ada.email})
    client.post(f"{FORGOTTEN}code/", {"code": mailed_code()})

    answer = client.post(
        f"{FORGOTTEN}nouveau/", {"password1": "lampes-allumees", "password2": "lampes-allumees"}
    )

    ada.refresh_from_db()
    assert answer.status_code == 302
    assert ada.check_password("lampes-allumees")
    assert signed_in(client)


def test_a_forgotten_password_has_the_same_answer_for_every_address(client, ada):
    answers = [Client().post(FORGOTTEN, {"email": email}) for email in (ada.email, "x@example.org")]

    assert {answer.headers["Location"] for answer in answers} == {f"{FORGOTTEN}code/"}
    assert [message.subject for message in mail.outbox] == [
        "Votre code pour un nouveau mot de passe",
        "Pas encore de compte à cette adresse",
    ]


def test_codes_are_not_logged(client, ada, caplog):
    caplog.set_level("DEBUG")

    client.post(LOGIN, {"login": ada.email})

    assert mailed_code() not in caplog.text


def test_a_wrong_address_can_be_changed_from_the_code_page(client, ada):
    client.post(LOGIN, {"login": "typo@example.org", "next": "/equipe/"})
    page = client.get(f"{CODE}?next=/equipe/").content.decode()
    assert f'name="next" value="{LOGIN}?next=%2Fequipe%2F"' in page

    answer = client.post(reverse("account_logout"), {"next": f"{LOGIN}?next=%2Fequipe%2F"})

    assert answer.headers["Location"] == f"{LOGIN}?next=%2Fequipe%2F"
    assert client.get(answer.headers["Location"]).status_code == 200


ENGLISH = re.compile(r"\b(email address|password|sign in|sign up|log in|submit|code sent|verify)\b")


@pytest.mark.parametrize("path", [LOGIN, FORGOTTEN])
def test_sign_in_pages_are_french(client, path):
    page = client.get(path).content.decode()

    text = re.sub(r"<[^>]+>|<!--.*?-->", " ", page)
    assert not ENGLISH.search(text.lower())


@pytest.mark.parametrize(
    "name", ["account_change_password", "accounts:profile", "account_logout", "account_email"]
)
def test_pages_of_the_account(client_of, ada, name):
    answer = client_of(ada).get(reverse(name), follow=True)

    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.content.decode()).lower()
    assert not ENGLISH.search(text)


def test_other_pages_of_allauth_do_not_exist(client):
    for path in ("/compte/login/", "/compte/email/", "/compte/signup/", "/compte/reauthenticate/"):
        assert client.get(path).status_code == 404


def test_the_admin_uses_the_same_sign_in(client, client_of, ada):
    answer = client.get("/admin/login/?next=/admin/")

    assert answer.headers["Location"] == f"{LOGIN}?next=%2Fadmin%2F"
    assert client_of(ada).get("/admin/login/").status_code == 403


def test_a_wrong_password_takes_as_long_for_every_address(ada, monkeypatch):
    """One digest each, which takes nearly all of the time of the answer."""
    make_user("code@example.org")
    make_user("off@example.org")
    User.objects.filter(email="code@example.org").update(password="!")
    User.objects.filter(email="off@example.org").update(is_active=False)
    hasher = get_hasher()
    digest, made = type(hasher).encode, []
    monkeypatch.setattr(
        type(hasher), "encode", lambda *given, **more: made.append(1) or digest(*given, **more)
    )

    counts = []
    for name in ("ada", "code", "off", "nobody"):
        made.clear()
        Client().post(LOGIN, {"login": f"{name}@example.org", "password": "wrong"})
        counts.append(len(made))

    assert counts == [1, 1, 1, 1]
