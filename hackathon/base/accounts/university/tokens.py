"""Tokens that the OpenID provider has signed: which key, which algorithm, for whom, until when."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import constant_time_compare
from requests import RequestException

# By type of key. Public-key algorithms only: HMAC and `none` are refused.
ALGORITHMS = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA",),
}
KEYS, FETCHED = "oidc.keys", "oidc.keys.fetched"  # in the cache
# Requests of anonymous clients must not each cause one to the provider: keys are fetched after
# KEYS_SECONDS, and for an unknown `kid` once in FETCH_SECONDS.
KEYS_SECONDS = 300
FETCH_SECONDS = 20
TOKEN_MAX = 10_000
LEEWAY = timedelta(minutes=1)  # of the clocks


def verified(
    token: str,
    *,
    keys_url: Callable[[], str],
    client: str,
    require: Collection[str],
    leeway: timedelta = LEEWAY,
) -> dict[str, Any]:
    """The claims of a token for this site. Raises `OAuth2Error`. `keys_url` asks the provider."""
    try:
        if len(token) > TOKEN_MAX:
            raise OAuth2Error("OIDC: the token is too long")
        header = jwt.get_unverified_header(token)
        key = _key(header, keys_url)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[header["alg"]],
            issuer=settings.OIDC_ISSUER,
            audience=client,
            leeway=leeway,
            options={"require": ["iss", "aud", "iat", *require]},
        )
    except (
        *(jwt.PyJWTError, RequestException, AttributeError),
        *(KeyError, TypeError, ValueError),
    ) as error:
        raise OAuth2Error(f"OIDC: {type(error).__name__}") from error
    return claims


def verified_identity(
    token: str, *, keys_url: Callable[[], str], client: str, nonce: str
) -> dict[str, Any]:
    """As OpenID Connect Core 1.0, 3.1.3.7, whatever the connection was. Raises `OAuth2Error`."""
    claims = verified(token, keys_url=keys_url, client=client, require=["exp", "sub", "nonce"])
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise OAuth2Error("OIDC: the nonce is that of another sign-in")
    # A token for several parties says which of them asked for it.
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_shared else client) != client:
        raise OAuth2Error("OIDC: another client asked for the token")
    return claims


def nonce_of(verifier: str) -> str:
    """Derived from the PKCE verifier, which the session keeps until the browser is back."""
    digest = hashlib.sha256(f"nonce of {verifier}".encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _key(header: dict[str, Any], keys_url: Callable[[], str]) -> Any:
    """The public key for this header of a token."""
    keys = cache.get(KEYS)
    if keys is None:
        cache.add(FETCHED, True, FETCH_SECONDS)
        keys = _fetched(keys_url())
    elif not _fitting(keys, header) and cache.add(FETCHED, True, FETCH_SECONDS):
        keys = _fetched(keys_url())
    fitting = _fitting(keys, header)
    if len(fitting) != 1:
        raise OAuth2Error("OIDC: unknown key")
    return jwt.PyJWK.from_dict(fitting[0], algorithm=header["alg"]).key


def _fitting(keys: list[dict[str, Any]], header: dict[str, Any]) -> list[dict[str, Any]]:
    """The key with the `kid` of the token. A provider with one key may leave out the `kid`."""
    return [
        key
        for key in keys
        if header["alg"] in ALGORITHMS.get(key.get("kty", ""), ())
        and key.get("alg", header["alg"]) == header["alg"]
        and key.get("use", "sig") == "sig"
        and ("kid" not in header or key.get("kid") == header["kid"])
    ]


def _fetched(keys_url: str) -> list[dict[str, Any]]:
    with get_adapter().get_requests_session() as session:
        answer = session.get(keys_url)
    answer.raise_for_status()
    keys = [key for key in answer.json()["keys"] if isinstance(key, dict)]
    cache.set(KEYS, keys, KEYS_SECONDS)
    return keys
