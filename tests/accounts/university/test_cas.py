"""Sign-in by CAS, and a site without a university."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.accounts.university.cas import ended_ticket
from tests.accounts.university.visits import (
    CAS,
    LINKS,
    LOGIN,
    LOGOUT,
    away,
    back,
    by_cas,
    logged,
    text,
    who,
)

pytestmark = pytest.mark.django_db(transaction=True)  # mail is sent on commit


def test_cas_makes_one_account_whatever_the_case_of_the_name(client, cas):
    first = by_cas(client, cas, next="/equipe/")
    ada = User.objects.get()
    cas.person, cas.attributes["mail"] = "DUPONT1U", ["new@univ.example"]
    second = Client()
    by_cas(second, cas)

    assert first.headers["Location"] == "/equipe/"
    assert (ada.email, ada.name) == ("ada.dupont@univ.example", "Ada Dupont")
    assert who(client) == who(second) == ada.pk
    assert SocialAccount.objects.get().uid == "dupont1u@127.0.0.1"


def test_cas_prefers_the_name_with_a_scope(client, cas):
    cas.attributes["eduPersonPrincipalName"] = ["Dupont1u@UNIV.example"]

    by_cas(client, cas)

    assert SocialAccount.objects.get().uid == "dupont1u@univ.example"


def test_a_ticket_that_is_no_longer_valid_gives_no_session(client, cas, caplog):
    caplog.set_level("INFO")
    returned = cas.sign_in(away(client, CAS))
    thief = back(Client(), returned)
    expired = cas.sign_in(away(client, CAS))
    cas.tickets.clear()
    refused = back(client, expired)
    broken = cas.sign_in(away(client, CAS))
    cas.is_broken = True
    unread = back(client, broken)
    cas.is_broken = False
    invented = back(client, away(client, CAS).partition("service=")[2])

    answers = (thief, refused, unread)
    assert {answer.status_code for answer in answers} == {401}
    assert invented.status_code in (401, 404)
    assert not User.objects.exists()
    assert "-secret" not in logged(caplog)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_message_with_entities_is_refused(encoding):
    """The parser detects UTF-16 by its byte order mark."""
    entity = '<!DOCTYPE x [<!ENTITY a "ST-1">]><x><SessionIndex>&a;</SessionIndex></x>'
    plain = "<x><SessionIndex>ST-1</SessionIndex></x>"

    read = [ended_ticket(message.encode(encoding).decode("latin-1")) for message in (entity, plain)]

    assert read == ["", "ST-1"]


def test_cas_ends_sessions_and_signing_out_ends_that_of_cas(client, cas, ada):
    returned = cas.sign_in(away(client, CAS))
    ticket = parse_qs(urlsplit(returned).query)["ticket"][0]
    back(client, returned)
    message = (
        '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">'
        "<samlp:SessionIndex>{}</samlp:SessionIndex></samlp:LogoutRequest>"
    )
    server = Client(enforce_csrf_checks=True)
    strange = ["", "<", message.format(""), message.format("ST-9"), "<!DOCTYPE x><a/>"]
    strange += [f'<?xml version="1.0" encoding="{name}"?><a/>' for name in ("big5", "none")]

    for wrong in strange:
        assert server.post(f"{CAS}retour/", {"logoutRequest": wrong}).status_code == 204
        assert client.get("/compte/").status_code == 200
    server.post(f"{CAS}retour/", {"logoutRequest": message.format(ticket)})
    ended = client.get("/compte/").status_code
    by_cas(client, cas)
    answer = client.post(LOGOUT)

    assert ended == 302
    assert answer["Refresh"] == f"0; url={cas.url}/logout?service=http%3A%2F%2Ftestserver%2F"
    assert httpx.get(
        f"{cas.url}/logout", params={"service": "http://testserver/"}, timeout=60
    ).is_redirect


def test_without_settings_there_are_no_such_pages(client, ada, settings):
    settings.CAS_URL = ""
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")

    statuses = [client.post(CAS).status_code, client.get(f"{CAS}retour/").status_code]

    assert statuses == [404, 404]
    assert client.get(LINKS).status_code == 404
    assert "université" not in text(Client().get(LOGIN))
