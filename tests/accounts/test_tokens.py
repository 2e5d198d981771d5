from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.accounts.tokens import services
from hackathon.base.core.api import Endpoint, TokenThrottle
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.scopes import Scope
from tests.conftest import NOON
from tests.refusals import refuses
from tests.tokens import make_token

pytestmark = pytest.mark.time_machine(NOON, tick=False)

URL = "/compte/jetons/"
OWN = "/api/v1/deliverables/"


def program(token: str, scheme: str = "Bearer") -> Client:
    return Client(headers={"Authorization": f"{scheme} {token}"})


def test_a_token_is_shown_once_and_works(client_of, ada):
    browser = client_of(ada)

    made = browser.post(URL, {"name": " robot  de Com ", "scopes": ["read"], "days": "7"})

    token = made.context["secret"]
    stored = ApiToken.objects.get()
    assert token.startswith("ccd_")
    assert token in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert token not in browser.get(URL).content.decode()
    assert (stored.name, stored.expires_at) == ("robot de Com", NOON + timedelta(days=7))
    assert token not in str(list(ApiToken.objects.values()))
    assert program(token).get(OWN).status_code == 200
    assert program(token, "Token").get(OWN).status_code == 200
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.person_pk) == ("token.created", ada.pk)
    assert token not in str(entry.detail)


def test_the_last_use_is_written_once_a_minute(ada):
    token = make_token(ada)
    program(token).get(OWN)
    with time_machine.travel(NOON + timedelta(seconds=59), tick=False):
        program(token).get(OWN)
    assert ApiToken.objects.get().last_used_at == NOON
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        program(token).get(OWN)
    assert ApiToken.objects.get().last_used_at == NOON + timedelta(minutes=1)


def new_password(user: User) -> None:
    user.set_password("lampes-allumees")
    user.save()


def deactivate(user: User) -> None:
    user.is_active = False
    user.save()


ENDINGS: dict[str, Callable[[User], object]] = {
    "sign-out everywhere": lambda user: accounts.sign_out_everywhere(user, by=user, at=NOON),
    "a new password": new_password,
    "deactivation": deactivate,
    "expiry": lambda user: user.tokens.update(expires_at=NOON),
    "revocation": lambda user: services.revoke(user, user.tokens.get().pk, by=user, at=NOON),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_a_token_ends_with(ada, end):
    token = make_token(ada)
    assert program(token).get(OWN).status_code == 200

    end(ada)

    answer = program(token).get(OWN)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"].startswith("Bearer ")


def test_another_secret_key_ends_neither_tokens_nor_sessions(client_of, ada, settings):
    used, unused, browser = make_token(ada), make_token(ada), client_of(ada)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "after", [settings.SECRET_KEY]
    rotated = [each.get(OWN).status_code for each in (program(used), browser)]
    settings.SECRET_KEY_FALLBACKS = []
    forgotten = [each.get(OWN).status_code for each in (program(used), browser, program(unused))]

    assert rotated == [200, 200]
    assert forgotten == [200, 200, 401]  # who was not there meanwhile signs in again


def test_a_token_is_revoked_by_its_person_only(client_of, ada, ben):
    make_token(ada)
    url = f"{URL}{ApiToken.objects.get().pk}/revoquer/"

    assert client_of(ben).post(url).status_code == 404
    assert "Révoquer" in client_of(ada).get(URL).content.decode()
    assert client_of(ada).post(url).status_code == 302
    assert not ApiToken.objects.exists()
    assert JournalEntry.objects.filter(act="token.revoked", by=ada).exists()


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_is_valid_for_a_year_at_most(ada, days):
    with refuses(AccountRefusal.TOKEN_EXPIRY):
        services.create(
            ada, name="x", scopes=[], expires_at=NOON + timedelta(days=days), by=ada, at=NOON
        )


def test_a_person_has_twenty_tokens_at_most(ada):
    for _ in range(services.TOKENS_MAX):
        make_token(ada)
    with refuses(AccountRefusal.TOKENS_MANY):
        make_token(ada)


def test_each_scope_permits_its_acts_and_no_others(world, ada, eve):
    acts: list[tuple[User, Scope, Callable[[Client], Any]]] = [
        (eve, Scope.READ, lambda c: c.get("/api/v1/extensions/")),
        (
            ada,
            Scope.HAND_IN,
            lambda c: c.post(
                "/api/v1/submissions/",
                {
                    "deliverable": world.objects["deliverable"].pk,
                    "file": SimpleUploadedFile("dossier.pdf", b"%PDF-1.4 new"),
                },
            ),
        ),
        (
            eve,
            Scope.ANNOUNCE,
            lambda c: c.post(
                "/api/v1/announcements/", {"audience": "everyone", "body": "x"}, "application/json"
            ),
        ),
        (
            eve,
            Scope.ORGANIZE,
            lambda c: c.patch("/api/v1/edition/", {"grace_seconds": 60}, "application/json"),
        ),
    ]
    for user, needed, act in acts:
        for scope in Scope:
            answer = act(program(make_token(user, scope)))
            if scope == needed:
                assert answer.status_code in (200, 201), (scope, answer.content)
            else:
                assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
                assert f'scope="{needed}"' in answer["WWW-Authenticate"]


def test_a_scope_gives_no_more_than_the_role(world, ada):
    everything = program(make_token(ada))

    announced = everything.post(
        "/api/v1/announcements/", {"audience": "everyone", "body": "x"}, "application/json"
    )

    assert announced.status_code == 404
    assert everything.get("/api/v1/extensions/").status_code == 404


def test_requests_with_tokens_are_limited_per_person(ada, ben, monkeypatch, client_of):
    monkeypatch.setattr(TokenThrottle, "THROTTLE_RATES", {"token": "2/min"})
    one, two = program(make_token(ada)), program(make_token(ada))

    codes = [c.get(OWN).status_code for c in (one, two)]
    refused = one.get(OWN)

    assert codes == [200, 200]
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert program(make_token(ben)).get(OWN).status_code == 200
    assert client_of(ada).get(OWN).status_code == 200


def test_every_address_of_the_api_checks_scopes():
    urls = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/").url_patterns
    views = {p.name: p.callback.cls for p in urls if p.name and p.name.startswith("v1")}
    named = {p.name: p.callback.cls for p in urls if str(p.pattern).startswith("v1/")}
    assert named
    for name, view in {**views, **named}.items():
        assert issubclass(view, Endpoint), name
        writes = {"post", "put", "patch", "delete"} & set(dir(view))
        assert not writes or view.scope in Scope, name
