"""OpenID Connect Back-Channel Logout 1.0: the provider ends sessions here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from hackathon.base.accounts import services
from hackathon.base.accounts.models import UsedLogoutToken
from hackathon.base.accounts.university.oidc import EVENT
from hackathon.base.core import clock
from tests.accounts.university.visits import CAS, OIDC, by_cas, by_oidc, who

pytestmark = pytest.mark.django_db(transaction=True)

type Say = Callable[..., int]


def fail(*_args: Any) -> None:
    raise OperationalError


@pytest.fixture
def say(oidc_key, oidc_url) -> Say:
    """Posts a logout token with these claims, and returns the status."""
    cache.clear()
    secret = oidc_key.as_pem(private=True)
    number = 0

    def post(*, key: Any = secret, alg: str = "RS256", **claims: Any) -> int:
        nonlocal number
        number += 1
        now = int(clock.now().timestamp())
        given = {
            "iss": oidc_url,
            "aud": "ccd",
            "iat": now,
            "exp": now + 120,
            "jti": f"j{number}",
            "events": {EVENT: {}},
            **claims,
        }
        given = {name: value for name, value in given.items() if value is not None}
        token = jwt.encode(given, key, algorithm=alg, headers={"kid": oidc_key.kid})
        server = Client(enforce_csrf_checks=True)
        answer = server.post(f"{OIDC}fin/", {"logout_token": token})
        assert answer.status_code == 404 or "no-store" in answer["Cache-Control"]
        return answer.status_code

    return post


def test_the_provider_ends_all_sessions_of_a_person(client, idp, cas, say):
    idp("s-1", email="ada@univ.example")
    idp("s-2", email="bob@univ.example")
    second, bob = Client(), Client()
    for browser, sub in ((client, "s-1"), (second, "s-1"), (bob, "s-2")):
        by_oidc(browser, sub)
    assert who(client) is not None

    status = say(sub="s-1")

    assert status == 204
    assert who(client) is who(second) is None
    assert who(bob) is not None


def test_the_provider_ends_one_session(client, idp, say, monkeypatch):
    second = Client()
    for browser, sid in ((client, "a"), (second, "b")):
        idp("s-1", email="ada@univ.example", sid=sid)
        by_oidc(browser, "s-1")

    statuses = [say(sid="a", sub="s-2"), say(sid="c")]
    assert who(client) is not None
    ended = say(sid="a")

    assert statuses == [204, 204]
    assert ended == 204
    assert who(client) is None
    assert who(second) is not None


def test_what_is_no_logout_token_ends_nothing(client, idp, say, oidc_key):
    idp("s-1", email="ada@univ.example")
    by_oidc(client, "s-1")
    other = jwt.algorithms.RSAAlgorithm.from_jwk(type(oidc_key).generate_key(2048).as_dict(True))
    old = int((clock.now() - timedelta(minutes=30)).timestamp())
    wrong: list[dict[str, Any]] = [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"events": None},
        {"events": {"other": {}}},
        {"events": EVENT},
        {"nonce": "n"},
        {"iat": old},
        {"iat": None},
        {"jti": None},
        {"exp": old},
        {"sub": None},
        {"sub": ["s-1"]},
        {"key": other},
        {"key": "s3cret-of-the-client-that-is-long", "alg": "HS256"},
        {"key": None, "alg": "none"},
    ]

    statuses = [say(**{"sub": "s-1", **claims}) for claims in wrong]
    server = Client()
    junk = [
        server.post(f"{OIDC}fin/", {"logout_token": text}).status_code for text in ("", "a.b.c")
    ]

    assert set(statuses) == set(junk) == {400}
    assert who(client) is not None
    assert say(sub="s-1", jti="once") == 204
    assert say(sub="s-1", jti="once") == 400
    assert server.get(f"{OIDC}fin/").status_code == 405


def test_a_token_whose_processing_failed_is_not_used(client, idp, say, monkeypatch):
    idp("s-1", email="ada@univ.example")
    by_oidc(client, "s-1")
    with monkeypatch.context() as broken:
        broken.setattr(services, "end_sessions_of_university", fail)
        with pytest.raises(OperationalError):
            say(sub="s-1", jti="again")
    assert who(client) is not None

    statuses = [say(sub="s-1", jti="again"), say(sub="s-1", jti="again")]

    assert statuses == [204, 400]
    assert who(client) is None


def test_used_tokens_are_forgotten_when_they_are_too_old_anyway(say):
    say(sub="s-1")
    now = clock.now()

    services.forget_credentials(at=now + timedelta(hours=1))
    assert UsedLogoutToken.objects.count() == 1
    services.forget_credentials(at=now + timedelta(days=2))

    assert not UsedLogoutToken.objects.exists()


def test_sessions_that_began_otherwise_stay(client, cas, say, settings):
    by_cas(client, cas)

    assert say(sub="s-1") == 204
    assert who(client) is not None
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = []
    assert say(sub="s-1") == 404
    assert Client().get(f"{CAS}retour/").status_code in (302, 401)
