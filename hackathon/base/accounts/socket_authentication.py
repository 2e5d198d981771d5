"""The user of a socket. The session is not renewed, because a socket can't set a cookie."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from rest_framework.exceptions import APIException

from hackathon.base.accounts.models import User, is_session_hash_of
from hackathon.base.accounts.second_factor import given_in, needs_none
from hackathon.base.accounts.tokens.authentication import authenticated, token_of
from hackathon.base.core.scopes import Scope, check_scope

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True)
class Caller:
    """The user (None: anonymous), and until when that holds."""

    user: User | None = None
    until: datetime | None = None
    bad_token: bool = False


def authenticate(
    handshakes: Sequence[Sequence[tuple[bytes, bytes]]], *, at: datetime
) -> list[Caller]:
    """`handshakes` are lists of headers. Two queries for all sessions, one for each token."""
    headers = [dict(handshake) for handshake in handshakes]
    keys = [_session_key(one) for one in headers]
    callers = by_session({key for key in keys if key}, at=at)
    return [
        _by_token(one, at=at) or callers.get(key, Caller())
        for one, key in zip(headers, keys, strict=True)
    ]


def _session_key(headers: dict[bytes, bytes]) -> str:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    name = settings.SESSION_COOKIE_NAME
    return only_key(cookies[name].value) if name in cookies else ""


def only_key(value: str) -> str:
    """Empty if no session has this key. PostgreSQL refuses NUL, which a cookie may have as `\\000`:
    the handshakes that are read together would all fail.
    """
    return value if value.isascii() and value.isalnum() else ""


def _by_token(headers: dict[bytes, bytes], *, at: datetime) -> Caller | None:
    try:
        if (token := token_of(headers.get(b"authorization", b""))) is None:
            return None
        api_token = authenticated(token, at=at)
        check_scope(api_token, Scope.READ)
    except APIException:
        return Caller(bad_token=True)
    api_token.user.suffices = None  # a token needs no second factor
    return Caller(api_token.user, api_token.expires_at)


def by_session(keys: set[str], *, at: datetime) -> dict[str, Caller]:
    """By key; only those of valid sessions. Two queries."""
    if not keys:
        return {}
    rows = SessionStore.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=at)
    sessions = {row.session_key: (row.get_decoded(), row.expire_date) for row in rows}
    users = User.objects.filter(is_active=True).in_bulk(
        [data[SESSION_KEY] for data, _ in sessions.values() if SESSION_KEY in data]
    )
    callers = {}
    for key, (data, until) in sessions.items():
        user = copy(users.get(int(data.get(SESSION_KEY, 0))))  # another one for each session
        if user is not None and _is_valid(data, user):
            user.suffices = None if given_in(data, user) else needs_none
            callers[key] = Caller(user, until)
    return callers


def _is_valid(session: dict[str, str], user: User) -> bool:
    """A new password ends the session."""
    stored = session.get(HASH_SESSION_KEY, "")
    backend = session.get(BACKEND_SESSION_KEY)
    return backend in settings.AUTHENTICATION_BACKENDS and is_session_hash_of(user, stored)
