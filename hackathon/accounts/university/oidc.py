"""OpenID Connect Back-Channel Logout 1.0: validation of the logout token."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.core.cache import cache
from requests import RequestException

from hackathon.accounts.sessions import oidc_session, uid_of
from hackathon.accounts.university.providers import OidcAdapter

EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Public-key algorithms only: HMAC and `none` are refused.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
AGE_MAX = timedelta(minutes=5)
KEYS_SECONDS = 300  # requests of anonymous clients must not each cause one to the provider
TOKEN_MAX = 10_000


@dataclass(frozen=True)
class Ended:
    """`session`: the value of `SignIn.ticket`; empty: all sessions of `uid`. `token`: a digest by
    which a repetition of the token is known.
    """

    uid: str
    session: str
    token: str


def ended(adapter: OidcAdapter, token: str, *, at: datetime) -> Ended:
    """Raises `ProviderException` if the token is not genuine or too old."""
    claims = _verified(adapter, token)
    age = at.timestamp() - claims["iat"]
    events = claims["events"]
    sid, sub = claims.get("sid", ""), claims.get("sub", "")
    if (
        abs(age) > AGE_MAX.total_seconds()
        or "nonce" in claims  # then it is an identity token
        or not isinstance(events, dict)
        or not isinstance(events.get(EVENT), dict)
        or not isinstance(sid, str)
        or not isinstance(sub, str)
        or not (sid or sub)
    ):
        raise ProviderException("OIDC: no logout token")
    return Ended(
        uid_of(claims["iss"], sub) if sub else "",
        oidc_session(claims["iss"], sid) if sid else "",
        hashlib.sha256(str(claims["jti"]).encode()).hexdigest(),
    )


def _verified(adapter: OidcAdapter, token: str) -> dict[str, Any]:
    try:
        if len(token) > TOKEN_MAX:
            raise ProviderException("OIDC: no logout token")
        header = jwt.get_unverified_header(token)
        keys = cache.get_or_set("oidc.keys", lambda: _keys(adapter), KEYS_SECONDS)
        key = jwtkit.lookup_kid_jwk(keys, header.get("kid"))
        if key is None or header["alg"] not in ALGORITHMS:
            raise ProviderException("OIDC: unknown key")
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[header["alg"]],
            issuer=settings.OIDC_ISSUER,
            audience=adapter.get_provider().app.client_id,
            leeway=AGE_MAX,
            options={"require": ["iss", "aud", "iat", "jti", "events"]},
        )
    except (
        jwt.PyJWTError,
        OAuth2Error,
        RequestException,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise ProviderException(f"OIDC: {type(error).__name__}") from error
    return claims


def _keys(adapter: OidcAdapter) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        answer = session.get(adapter.openid_config["jwks_uri"])
    answer.raise_for_status()
    keys = [key for key in answer.json()["keys"] if "kid" in key]
    return {"keys": keys}
