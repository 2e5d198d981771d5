"""Sign-in by OpenID Connect."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.models import JournalEntry
from hackathon.event.roles import roles_of
from tests.accounts.university.visits import (
    DOMAIN,
    LINKS,
    LOGIN,
    LOGOUT,
    OIDC,
    at_oidc,
    away,
    back,
    by_cas,
    by_oidc,
    logged,
    text,
    who,
)
from tests.conftest import make_user

pytestmark = pytest.mark.django_db(transaction=True)  # mail is sent on commit


def test_oidc_makes_an_account_and_finds_it_again_after_the_address_changed(client, idp):
    idp("s-1", email="Ada@univ.example", name="Ada Dupont", eduperson_affiliation=["employee"])
    page = text(client.get(LOGIN))

    first = by_oidc(client, "s-1", next="/equipe/")
    ada = User.objects.get()
    idp("s-1", email="ada.martin@univ.example", email_verified=True, name="Ada Martin")
    second = Client()
    by_oidc(second, "s-1")

    assert "Se connecter avec mon compte de l’université" in page
    assert "Mon compte UL" in page
    assert "Recevoir un code par e-mail" in page
    assert first.headers["Location"] == "/equipe/"
    assert (ada.email, ada.name) == ("ada@univ.example", "Ada Dupont")
    assert not ada.has_usable_password()
    assert who(client) == who(second) == ada.pk
    assert User.objects.get().email == "ada@univ.example"
    assert SocialAccount.objects.get().extra_data == {"name": "ada.martin@univ.example"}
    assert JournalEntry.objects.filter(act="user.signed_up", by=ada).count() == 1
    assert not roles_of(ada, None).organizer
    assert not ada.is_staff
    assert mail.outbox == []


def test_somebody_who_gets_the_address_later_gets_no_account(client, idp):
    idp("s-1", email="dupont@univ.example", name="Ada")
    by_oidc(Client(), "s-1")
    idp("s-2", email="dupont@univ.example", name="Bob")

    answer = by_oidc(client, "s-2")

    assert answer.status_code == 403
    assert "a déjà un compte ici" in text(answer)
    assert who(client) is None
    assert User.objects.count() == 1


def test_an_account_is_linked_after_a_code_to_its_address(client, idp):
    ada = make_user("ada@univ.example", "Ada")
    other = make_user("other@univ.example")
    idp("s-1", email="ada@univ.example")
    assert "a déjà un compte ici" in text(by_oidc(client, "s-1"))
    client.post(LOGIN, {"login": ada.email, "next": LINKS})
    code = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)
    assert code is not None
    arrived = client.post(f"{LOGIN}code/?next={LINKS}", {"code": code.group()})

    linked = by_oidc(client, "s-1", process="connect")
    browser, stranger = Client(), Client()
    by_oidc(browser, "s-1")
    stranger.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    taken = by_oidc(stranger, "s-1", process="connect")

    assert arrived.headers["Location"] == linked.headers["Location"] == LINKS
    assert "est relié" in text(client.get(LINKS))
    assert who(browser) == ada.pk
    assert taken.headers["Location"] == LINKS
    assert "déjà relié à un autre compte" in text(stranger.get(LINKS))
    link = SocialAccount.objects.get(user=ada)
    assert stranger.post(f"{LINKS}{link.pk}/retirer/").status_code == 404
    client.post(f"{LINKS}{link.pk}/retirer/")
    assert not SocialAccount.objects.exists()
    assert {"university.linked", "university.unlinked"} <= set(
        JournalEntry.objects.values_list("act", flat=True)
    )


@pytest.mark.parametrize(
    ("claim", "needs_code"), [(True, False), (False, True), ("true", True), (None, True)]
)
def test_an_address_of_another_domain_is_proved_unless_the_provider_did(
    client, idp, claim, needs_code
):
    idp("s-3", email="ada@gmail.example", name="Ada", email_verified=claim)

    answer = by_oidc(client, "s-3")

    assert bool(mail.outbox) == needs_code
    assert (who(client) is None) == needs_code
    if needs_code:
        code = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)
        assert code is not None
        client.post(answer.headers["Location"], {"code": code.group()})
        assert who(client) == User.objects.get().pk


def test_an_unverified_address_of_an_account_is_not_disclosed_and_not_linked(client, idp, ada):
    idp("s-4", email=ada.email)

    answer = by_oidc(client, "s-4")

    assert answer.headers["Location"] == "/compte/nouveau/code/"
    assert mail.outbox[-1].subject == "Cette adresse a déjà un compte"
    assert not re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)
    assert who(client) is None
    assert not SocialAccount.objects.exists()


def test_who_may_sign_up_is_a_setting(client, idp, cas, settings):
    settings.SIGNUP_DOMAINS = [DOMAIN]
    settings.UNIVERSITY_AFFILIATIONS = ["student"]
    idp("s-5", email="ada@elsewhere.example", email_verified=True, eduperson_affiliation="student")
    unknown_domain = by_oidc(client, "s-5")
    idp("s-5", email="ada@univ.example", eduPersonScopedAffiliation=["employee@univ.example"])
    employee = by_oidc(client, "s-5")
    idp("s-5", name="Ada", eduPersonScopedAffiliation=["student@univ.example"])
    no_address = by_oidc(client, "s-5")
    idp("s-5", email="eve@univ.example\u200b", eduperson_affiliation="student")
    invisible = by_oidc(client, "s-5")
    assert not User.objects.exists()

    student = by_cas(client, cas)

    assert "une adresse est en @univ.example" in text(unknown_domain)
    assert "n’est pas ouvert à votre type de compte" in text(employee)
    assert "n’a pas transmis votre adresse" in text(no_address)
    assert "un signe que personne ne voit" in text(invisible)
    assert {a.status_code for a in (unknown_domain, employee, no_address, invisible)} == {403}
    assert student.status_code == 302
    assert who(client) == User.objects.get().pk


def test_a_stolen_or_used_state_and_a_refusal_give_no_session(client, idp, caplog):
    caplog.set_level("INFO")
    idp("s-1", email="ada@univ.example")
    url = away(client, OIDC)
    returned = at_oidc(url, "s-1")
    thief = Client()

    stolen = back(thief, returned)
    arrived = back(client, returned)
    client.post(LOGOUT)
    replayed = back(client, returned)
    denied_url = httpx.post(away(client, OIDC), data={"action": "deny"}, timeout=60).headers[
        "location"
    ]
    denied = back(client, denied_url)
    late_url = away(client, OIDC)
    with time_machine.travel(clock.now().timestamp() + 900):
        late = back(client, at_oidc(late_url, "s-1"))

    assert (stolen.status_code, replayed.status_code, late.status_code) == (401, 401, 401)
    assert "La connexion n’a pas abouti" in text(stolen)
    assert arrived.status_code == 302
    assert denied.headers["Location"] == "/compte/universite/annule/"
    assert who(thief) is who(client) is None
    assert "code_challenge=" in url
    for secret in ("s3cret-of-the-client", parse_qs(urlsplit(returned).query)["code"][0]):
        assert secret not in logged(caplog)


def test_a_provider_that_is_down_or_another_one_is_reported(client, settings, oidc_url):
    settings.OIDC_ISSUER = "https://sso.univ.example"
    other = client.post(OIDC)
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": "http://127.0.0.1:9"}
    down = client.post(OIDC)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = []

    assert (other.status_code, down.status_code) == (401, 401)
    assert "La connexion n’a pas abouti" in text(down)
    assert client.post(OIDC).status_code == 404
    assert client.get(f"{OIDC}retour/").status_code == 404
    assert client.get(OIDC).status_code == 405


def test_a_disabled_account_is_not_opened(client, idp):
    idp("s-1", email="ada@univ.example")
    by_oidc(Client(), "s-1")
    User.objects.update(is_active=False)

    answer = by_oidc(client, "s-1")

    assert answer.headers["Location"] == reverse("account_inactive")
    assert who(client) is None


def test_signing_out_ends_the_session_at_the_provider(client, idp, oidc_url):
    idp("s-1", email="ada@univ.example")
    by_oidc(client, "s-1")

    answer = client.post(LOGOUT)

    url = str(answer["Refresh"]).removeprefix("0; url=")
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{oidc_url}/oauth2/end_session?")
    assert query["post_logout_redirect_uri"] == ["http://testserver/"]
    assert query["id_token_hint"][0].count(".") == 2
    assert answer["Clear-Site-Data"] == '"cache"'
    assert who(client) is None
    assert httpx.get(url, timeout=60).status_code == 200
