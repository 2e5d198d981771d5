"""The identity token: its signature, and for whom, by whom and until when it is."""

from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.test import Client

from hackathon.base.accounts.university.oidc import EVENT
from hackathon.base.accounts.university.tokens import FETCH_SECONDS, KEYS_SECONDS
from hackathon.base.core import clock
from tests.accounts.university.op import Key, Op, running_op
from tests.accounts.university.visits import OIDC, away, back, text, who

pytestmark = pytest.mark.django_db(transaction=True)

KEY, OTHER, EC = Key("RS256", "one"), Key("RS256", "one"), Key("ES256", "curve")
SECRET = "s3cret-of-the-client-that-is-long-enough"


@pytest.fixture
def op(settings) -> Iterator[Op]:
    cache.clear()
    with running_op(KEY) as op:
        settings.OIDC_ISSUER = op.url
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app |= {"secret": SECRET, "settings": {"server_url": op.url}}
        yield op


def sign_in(op: Op, browser: Client | None = None) -> bool:
    browser = browser or Client()
    answer = back(browser, op.sign_in(away(browser, OIDC)))
    assert (answer.status_code, who(browser) is None) in ((302, False), (401, True))
    return who(browser) is not None


def log_out(op: Op, key: Key, number: int) -> int:
    now = op.now()
    claims = {
        "iss": op.url,
        "aud": "ccd",
        "sub": "s-1",
        "jti": f"j{number}",
        "iat": now,
        "exp": now + 120,
        "events": {EVENT: {}},
    }
    return Client().post(f"{OIDC}fin/", {"logout_token": key.sign(claims)}).status_code


def with_public_key_as_secret(claims: dict[str, Any]) -> str:
    """The classic confusion of algorithms. PyJWT itself refuses to sign so."""
    pem = KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    algorithm.prepare_key = lambda key: key
    jws = jwt.api_jws.PyJWS()
    jws.unregister_algorithm("HS256")
    jws.register_algorithm("HS256", algorithm)
    payload = jwt.PyJWT()._encode_payload(claims)
    return jws.encode(payload, pem, algorithm="HS256", headers={"kid": "one", "typ": "JWT"})


WRONG: dict[str, Callable[[Op], Any]] = {
    "another key with the same name": lambda op: OTHER.sign,
    "no signature": lambda op: lambda claims: jwt.encode(claims, None, algorithm="none"),
    "no signature, with the name of the key": lambda op: (
        lambda claims: jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})
    ),
    "the public key as a shared secret": lambda op: with_public_key_as_secret,
    "the secret of the client": lambda op: (
        lambda claims: jwt.encode(claims, SECRET, algorithm="HS256", headers={"kid": "one"})
    ),
    "an algorithm of another type of key": lambda op: (
        lambda claims: jwt.encode(claims, EC.private, algorithm="ES256", headers={"kid": "one"})
    ),
    "not a token": lambda op: lambda claims: "a.b.c",
    "too long": lambda op: lambda claims: KEY.sign({**claims, "more": "x" * 10_000}),
}
WRONG_CLAIMS: dict[str, Callable[[int], dict[str, Any]]] = {
    "another issuer": lambda now: {"iss": "https://evil.example"},
    "no issuer": lambda now: {"iss": None},
    "another audience": lambda now: {"aud": "another"},
    "no audience": lambda now: {"aud": None},
    "another party": lambda now: {"azp": "another"},
    "several audiences, another party": lambda now: {"aud": ["ccd", "b"], "azp": "b"},
    "several audiences, no party": lambda now: {"aud": ["ccd", "b"]},
    "another nonce": lambda now: {"nonce": "of-somebody-else"},
    "no nonce": lambda now: {"nonce": None},
    "no text as nonce": lambda now: {"nonce": [1]},
    "expired": lambda now: {"exp": now - 120},
    "no expiry": lambda now: {"exp": None},
    "of tomorrow": lambda now: {"iat": now + 86_400},
    "no age": lambda now: {"iat": None},
    "not yet": lambda now: {"nbf": now + 600},
    "of another person than the user info": lambda now: {"sub": "s-2"},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(op, name):
    assert sign_in(op)
    op.encode = WRONG[name](op)

    assert not sign_in(op)
    op.encode = None
    assert sign_in(op)


@pytest.mark.parametrize("name", WRONG_CLAIMS)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(op, name):
    assert sign_in(op)
    op.claims = WRONG_CLAIMS[name](op.now())
    browser = Client()

    assert not sign_in(op, browser)
    assert "La connexion n’a pas abouti" in text(back(browser, op.sign_in(away(browser, OIDC))))


def test_the_token_of_another_browser_opens_nothing(op):
    """Injected: code and token of the attacker's sign-in, in the browser of another person."""
    attacker, person = Client(), Client()
    op.sign_in(away(attacker, OIDC))
    of_attacker = op.nonce
    returned = op.sign_in(away(person, OIDC))
    op.nonce = of_attacker

    assert back(person, returned).status_code == 401
    assert who(person) is None


@pytest.mark.parametrize(
    "key",
    [
        Key("RS256", "one"),
        Key("PS256", "pss", alg="PS256"),
        Key("ES256", "curve"),  # without `alg`
        Key("ES256", "curve", alg="ES256"),
        Key("RS256", None),
    ],
    ids=["RSA", "PSS", "EC", "EC with alg", "one key without kid"],
)
def test_what_the_provider_signs_opens_the_account(op, key):
    op.key, op.keys = key, [key]

    assert sign_in(op)


@pytest.mark.parametrize(
    "published", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "oct"}, {"n": "!"}, {"kid": "two"}]
)
def test_a_key_for_something_else_verifies_nothing(op, published):
    op.keys = [Key("RS256", "one", **published)]
    op.keys[0].private = KEY.private

    assert not sign_in(op)


def test_several_keys_and_a_token_without_a_name_of_its_key(op):
    op.key = Key("RS256", None)
    op.keys = [KEY, op.key]

    assert not sign_in(op)


def test_a_new_key_is_known_at_the_first_sign_in_and_log_out(op):
    new = Key("RS256", "two")
    with time_machine.travel(clock.now(), tick=False) as time:
        assert sign_in(op)
        time.shift(FETCH_SECONDS + 1)
        op.key, op.keys = new, [new]

        assert log_out(op, new, 1) == 204
        assert sign_in(op)
        assert log_out(op, KEY, 2) == 400  # withdrawn
    assert op.asked.count("/keys") == 2


def test_unknown_keys_do_not_each_ask_the_provider(op):
    strange = [Key("ES256", f"k{number}") for number in range(6)]
    with time_machine.travel(clock.now(), tick=False) as time:
        assert sign_in(op)
        asked = len(op.asked)

        at_once = [log_out(op, key, number) for number, key in enumerate(strange)]
        assert len(op.asked) == asked
        time.shift(FETCH_SECONDS + 1)
        later = [log_out(op, key, number) for number, key in enumerate(strange)]

        assert set(at_once + later) == {400}
        assert op.asked[asked:].count("/keys") == 1
        assert len(op.asked) == asked + 2  # with the description of the provider
        time.shift(KEYS_SECONDS)
        assert sign_in(op)
