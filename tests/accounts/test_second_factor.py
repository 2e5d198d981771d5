import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from hackathon.base.accounts import services
from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.selectors import is_organizer
from tests.conftest import NOON, prove
from tests.tokens import make_token

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN, FACTORS, PROOF = "/compte/connexion/", "/compte/double/", "/compte/preuve/"
GIVE, PROVE = f"{FACTORS}entrer/", f"{FACTORS}preuve/"
PASSWORD = "secret-of-tests"
LATER = NOON + timedelta(minutes=20)


def code_of(secret: str) -> str:
    """At the present instant."""
    (_before, counter, _after) = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def with_application(user: User, browser: Client) -> str:
    """The secret of the application that is added in this browser."""
    add = f"{FACTORS}application/"
    asked = browser.get(add)
    if asked.status_code == 302:
        browser.post(asked.headers["Location"], {"password": PASSWORD})
        browser.get(add)
    secret = browser.session["mfa.totp.secret"]
    assert browser.post(add, {"code": code_of(secret)}).status_code == 302
    return secret


def signs_in(user: User) -> tuple[Client, Any]:
    browser = Client()
    answer = browser.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return browser, answer


def is_in(browser: Client) -> bool:
    return browser.get("/compte/").status_code == 200


def test_an_application_is_added_and_asked_for_and_its_codes_work_once(client_of, edition, eve):
    here = client_of(eve)
    with time_machine.travel(NOON, tick=False):
        assert here.get(f"{FACTORS}application/").headers["Location"].startswith(PROOF)
        secret = with_application(eve, here)
        page = here.get(f"{FACTORS}secours/").content.decode()
        recovery = re.findall(r"^(?:.*>)?(\d{8})$", page, re.M)
        offers = here.get(FACTORS).content.decode()
        stored = Authenticator.objects.get(type="totp").data["secret"]

    with time_machine.travel(LATER, tick=False):
        browser, asked = signs_in(eve)
        wrong = browser.post(GIVE, {"code": "000000"})
        before = is_in(browser)
        code = code_of(secret)
        browser.post(GIVE, {"code": code})
        replayed, _answer = signs_in(eve)
        replayed.post(GIVE, {"code": code})
        rescued, _answer = signs_in(eve)
        rescued.post(GIVE, {"code": recovery[0]})
        again, _answer = signs_in(eve)
        again.post(GIVE, {"code": recovery[0]})

        assert asked.headers["Location"] == GIVE
        assert "Ce n’est pas le bon code." in wrong.content.decode()
        assert not before
        assert [is_in(one) for one in (browser, replayed, rescued, again)] == [
            True,
            False,
            True,
            False,
        ]
        assert browser.get("/organisation/").status_code == 200
    assert len(recovery) == 10
    assert reverse("accounts:sessions") in offers
    assert secret not in stored
    acts = set(JournalEntry.objects.values_list("act", flat=True))
    assert "factor.added" in acts


def test_no_other_way_in_goes_around_the_factor(client_of, edition, eve, ada):
    with time_machine.travel(NOON, tick=False):
        secret = with_application(eve, client_of(eve))
        entry = services.make_entry_code(eve, by=eve, at=NOON)
        by_code = Client()
        asked = by_code.post(f"{LOGIN}code-d-entree/", {"code": entry})
        badge = client_of(eve)  # a session without the factor, as badges make them

        organized = badge.get("/pilotage/")
        written = badge.patch("/api/v1/edition/", {}, content_type="application/json")
        given = badge.post(organized.headers["Location"], {"code": code_of(secret)})

        assert asked.headers["Location"] == GIVE
        assert not is_in(by_code)
        assert organized.headers["Location"] == f"{PROVE}?next=%2Fpilotage%2F"
        assert written.status_code == 302
        assert given.headers["Location"] == "/pilotage/"
        assert badge.get("/pilotage/").status_code == 200
        assert badge.get("/annonces/").status_code == 200


def test_a_setting_requires_it_of_organizers_and_superusers(
    client_of, edition, eve, root, ada, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    browser = client_of(eve)

    asked = [client_of(who).get("/organisation/").headers.get("Location") for who in (eve, root)]
    page_text = browser.get("/organisation/", follow=True).content.decode()
    with time_machine.travel(NOON, tick=False):
        with_application(eve, browser)
        removed = browser.post(f"{FACTORS}application/retirer/")
        settings.SECOND_FACTOR_REQUIRED = False
        browser.post(f"{FACTORS}application/retirer/")

    assert asked == [FACTORS, FACTORS]
    assert "demande une seconde preuve" in page_text
    assert client_of(root).get("/admin/").status_code == 200  # no longer required
    assert client_of(ada).get("/organisation/").status_code == 404
    assert "ajoutez-en une autre d’abord" in removed.content.decode()
    assert not Authenticator.objects.exists()


def test_what_cannot_be_undone_waits_for_a_fresh_proof_and_goes_on(client_of, edition, loner):
    browser, address = client_of(loner), "/compte/supprimer/"
    with time_machine.travel(NOON, tick=False):
        prove(browser, loner, at=LATER.timestamp() - 1000)
    with time_machine.travel(LATER, tick=False):
        read = browser.get(address)
        asked = browser.post(address, {"confirmed": "on"})
        loner.refresh_from_db()
        kept = loner.is_active
        wrong = browser.post(asked.headers["Location"], {"password": "no"})
        done = browser.post(asked.headers["Location"], {"password": PASSWORD})

    loner.refresh_from_db()
    assert read.status_code == 200
    assert asked.headers["Location"] == f"{PROOF}?next=%2Fcompte%2Fsupprimer%2F"
    assert kept
    assert wrong.status_code == 200
    assert "Votre compte est supprimé" in done.content.decode()
    assert not loner.is_active


def test_without_it_a_session_makes_no_token_and_reads_nothing_that_organizers_share(
    client_of, edition, eve, ada, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    addresses = ["/compte/jetons/", "/questions/file/", "/api/v1/extensions/", "/api/v1/journal/"]

    asked = [client_of(eve).get(address) for address in addresses]
    made = client_of(eve).post("/compte/jetons/", {"name": "x", "scopes": ["read"], "days": "7"})
    students = [client_of(ada).get(address).status_code for address in addresses[:1]]
    by_token = Client(headers={"Authorization": f"Bearer {make_token(eve)}"})

    assert [answer.headers.get("Location") for answer in [*asked, made]] == [FACTORS] * 5
    assert ApiToken.objects.count() == 1
    assert students == [200]
    assert by_token.get(addresses[2]).status_code == 200


@pytest.mark.parametrize("name", ["judging:publish", "setup:state", "account_email"])
def test_acts_that_ask_for_a_fresh_proof(client_of, edition, eve, name):
    address = reverse(name, args=[] if name == "account_email" else [edition.slug])
    old, by_mail = client_of(eve), client_of(eve)
    prove(old, eve, at=NOON.timestamp())

    asked = old.post(address)
    User.objects.filter(pk=eve.pk).update(password="!")
    eve.refresh_from_db()
    by_mail.force_login(eve, backend="allauth.account.auth_backends.AuthenticationBackend")
    prove(by_mail, eve, at=NOON.timestamp())

    assert asked.headers["Location"].startswith(PROOF)
    assert by_mail.post(address).status_code == 422  # without a password there is nothing to ask


def test_organizers_see_and_do_more_on_pages_of_teams_only_with_the_factor(
    client_of, world, comunik, ben, eve, ada
):
    member, deposit = comunik.memberships.get(user=ben), world.objects["submission"]
    paths = [f"/depots/{deposit.pk}/recu/", f"/equipe/membres/{member.pk}/retirer/"]
    with time_machine.travel(NOON, tick=False):
        secret = with_application(eve, client_of(eve))
        badge = client_of(eve)  # a session without the factor

        answers = [badge.get(path).headers.get("Location", "") for path in paths]
        asked = badge.post(paths[1], {"confirmed": "on"})
        kept = comunik.memberships.filter(user=ben).exists()
        of_the_team = [client_of(ada).get(path).status_code for path in paths]
        badge.post(asked.headers["Location"], {"code": code_of(secret)})

    assert [answer.startswith(PROVE) for answer in answers] == [True, True]
    assert kept
    assert of_the_team == [200, 200]
    assert not comunik.memberships.filter(user=ben).exists()  # the form went on after the proof


@pytest.mark.parametrize("path", ["/admin/accounts/user/", "/organisation/", "/accueil/"])
def test_a_proof_leads_back_to_the_page_that_was_wanted(client_of, edition, root, path):
    with time_machine.travel(NOON, tick=False):
        secret = with_application(root, client_of(root))
        browser = client_of(root)

        asked = browser.get(path, follow=True).request
        given = browser.post(
            f"{asked['PATH_INFO']}?{asked['QUERY_STRING']}", {"code": code_of(secret)}
        )

        assert asked["PATH_INFO"] == PROVE
        assert given.headers["Location"] == ("/pilotage/" if path == "/accueil/" else path)
        assert browser.get(given.headers["Location"]).status_code == 200


def test_pages_for_everybody_say_that_there_is_more(client_of, world, eve, ada):
    sentence = "Avec votre seconde preuve, vous verrez et ferez davantage"
    with time_machine.travel(NOON, tick=False):
        before = client_of(eve).get("/sujets/").content.decode()
        with_application(eve, client_of(eve))
        pages = [client_of(who).get("/sujets/").content.decode() for who in (eve, ada)]
        unknown = client_of(eve).get("/nulle-part/")

    assert [sentence in page for page in (before, *pages)] == [False, True, False]
    assert unknown.status_code == 404


def test_who_signs_in_within_a_request_has_the_rights_of_the_new_session(edition, eve, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), Client().session

    login(request, User.objects.get(pk=eve.pk), backend=settings.AUTHENTICATION_BACKENDS[0])

    assert not is_organizer(request.user, edition)
    assert is_organizer(eve, edition)


def registration() -> dict[str, Any]:
    """The answer of a device that made a key."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, b"id of the key", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(bytes(32), flags, 0, made)
    client = CollectedClientData.create("webauthn.create", bytes(32), "http://testserver")
    response = AuthenticatorAttestationResponse(
        client_data=client, attestation_object=AttestationObject.create("none", data, {})
    )
    return dict(RegistrationResponse(raw_id=b"id of the key", response=response))


NO_ANSWERS = [
    *("0", "0.0", "false", "null", "[]", "7", '"a"', "{}", "[" * 5000, '{"id": 0}', '{"id": "é"}'),
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "e30"}}',
]


@pytest.mark.parametrize("made_up", NO_ANSWERS)
def test_a_key_is_added_only_with_the_answer_of_a_device(client_of, edition, eve, made_up):
    """A required second factor would be satisfied without a device."""
    browser = client_of(eve)
    add = f"{FACTORS}cles/ajouter/"
    browser.post(browser.get(add).headers["Location"], {"password": PASSWORD})
    assert browser.get(add).status_code == 200

    answer = browser.post(add, {"name": "Clé", "credential": made_up})

    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("has_password", [True, False])
def test_a_new_key_proves_who_it_is_and_is_asked_for_before_a_code(
    has_password, client_of, ada, monkeypatch
):
    """Her session is older than a proof may be, and she has never seen a code."""
    if not has_password:  # who enters by the university
        ada.set_unusable_password()
        ada.save()
    monkeypatch.setattr(webauthn, "complete_registration", lambda credential: credential)
    with time_machine.travel(NOON, tick=False):
        browser = client_of(ada)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        add = f"{FACTORS}cles/ajouter/"
        page = browser.get(add)
        if has_password:
            browser.post(page.headers["Location"], {"password": PASSWORD})
        answer = browser.post(add, {"name": "Clé", "credential": json.dumps(registration())})
        codes = browser.get(answer.url)
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        later = browser.get(answer.url)

    assert "Voici vos codes de secours." in codes.content.decode()
    assert later.url.startswith(f"{FACTORS}cles/preuve/")


@pytest.mark.parametrize("made_up", NO_ANSWERS)
def test_a_key_is_not_given_by_anything_else(client_of, edition, eve, made_up):
    here = client_of(eve)
    with_application(eve, here)
    data = {"name": "Clé", "credential": registration()}
    Authenticator.objects.create(user=eve, type="webauthn", data=data)
    browser, _asked = signs_in(eve)

    given = browser.post(GIVE, {"credential": made_up})
    proven = here.post(f"{FACTORS}cles/preuve/", {"credential": made_up})

    assert (given.status_code, proven.status_code) == (200, 302)
    assert not is_in(browser)


@pytest.mark.parametrize("name", ["mfa_index", "mfa_add_webauthn", "account_reauthenticate"])
def test_pages_are_french(client_of, ada, name):
    browser = client_of(ada)
    browser.post(PROOF, {"password": PASSWORD})

    page = browser.get(reverse(name)).content.decode()

    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S).lower()
    assert not re.search(
        r"\b(password|authenticator|security key|passkey|submit|code sent)\b", text
    )
