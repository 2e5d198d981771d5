"""Who asks: an API token, or the session cookie with Django's check of CSRF token and origin."""

import io
from http import HTTPStatus
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from knox.auth import TokenAuthentication
from rest_framework.authentication import CSRFCheck
from rest_framework.exceptions import AuthenticationFailed

from hackathon.accounts.models import User
from submissions.tus.protocol import ProtocolError

SAFE = ("HEAD", "OPTIONS")
_sessions = import_module(settings.SESSION_ENGINE)


class Caller:
    """One request, as far as it says who makes it. Building it asks no database."""

    def __init__(self, scope: dict[str, Any], method: str) -> None:
        self._request = ASGIRequest({**scope, "method": method}, io.BytesIO())
        self._method = method
        self._token = self._request.headers.get("Authorization", "")
        self._cookie = self._request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")

    @property
    def credential(self) -> str:
        """What it proves itself with; the same string is the same person, for a while."""
        return self._token or self._cookie

    @property
    def language(self) -> str:
        """As on the pages: French, or what was chosen with the switch."""
        chosen = self._request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def check_origin(self) -> None:
        """For a cookie, which a browser sends by itself: did a page of ours ask? Raises 403."""
        if self._token or not self._cookie or self._method in SAFE:
            return
        check = CSRFCheck(_nothing)
        check.process_request(self._request)
        if check.process_view(self._request, _nothing, (), {}):
            raise ProtocolError(
                HTTPStatus.FORBIDDEN, "CSRF token or origin refused.", code="csrf_failed"
            )

    def user(self) -> User:
        """The person. Asks the database. Raises `ProtocolError` 401."""
        if self._token:
            return self._by_token()
        if self._cookie:
            request = HttpRequest()
            request.session = _sessions.SessionStore(self._cookie)
            user = get_user(request)
            if isinstance(user, User) and user.is_active:
                return user
        raise _unknown()

    def _by_token(self) -> User:
        prefix, _, token = self._token.partition(" ")
        try:
            if prefix.lower() == "token":
                user, _auth = TokenAuthentication().authenticate_credentials(token.strip().encode())
                return user
        except AuthenticationFailed:
            pass
        raise _unknown()


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _unknown() -> ProtocolError:
    return ProtocolError(
        HTTPStatus.UNAUTHORIZED,
        "Sign in again, or send a valid token.",
        code="not_authenticated",
    )
