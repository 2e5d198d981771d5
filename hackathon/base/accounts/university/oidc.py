"""OpenID Connect Back-Channel Logout 1.0: validation of the logout token."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from hackathon.base.accounts.sessions import oidc_session, uid_of
from hackathon.base.accounts.university.providers import OidcAdapter
from hackathon.base.accounts.university.tokens import verified

EVENT = "http://schemas.openid.net/event/backchannel-logout"
AGE_MAX = timedelta(minutes=5)


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
    try:
        claims = verified(
            token,
            keys_url=adapter.keys_url,
            client=adapter.get_provider().app.client_id,
            require=["jti", "events"],
            leeway=AGE_MAX,
        )
    except OAuth2Error as error:
        raise ProviderException(str(error)) from error
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
