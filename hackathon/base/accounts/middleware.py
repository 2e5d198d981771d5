import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from hackathon.base.accounts import second_factor, selectors
from hackathon.base.accounts.sessions import BADGE
from hackathon.base.core.problems import NOT_FOUND


class EndedSession:
    """Tells the sign-in page (`ended`) that the browser was signed in until now: its session has
    expired, or was closed by a new password, a new badge or a sign-out everywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = f"{resolve_url(settings.LOGIN_URL)}?next="
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and response.get("Location", "").startswith(sign_in)
            and request.session.is_empty()
        ):
            response["Location"] += "&ended"
        return response


class Authentication(AuthenticationMiddleware):
    """`request.user` has the rights of an organizer or superuser as far as the session is enough
    for them (`User.may_organize`). Costs others no query.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _caller(request))  # type: ignore[assignment]


def _caller(request: HttpRequest) -> Any:
    user: Any = get_user(request)
    if not user.is_authenticated:
        return user
    user.counted_roles = lambda: getattr(request, "counted_roles", frozenset())
    return second_factor.with_session(user, request.session)


class SecondFactor:
    """Who has been refused something only for want of the second factor is led to it, and back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        of_api = getattr(response, "exception", False)
        if of_api and response.status_code == 404 and _is_held_back(request):
            return second_factor.way_to_proof(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Before the page of the refusal, which asks for rights too, for its menu."""
        if isinstance(exception, NOT_FOUND) and _is_held_back(request):
            return second_factor.way_to_proof(request)
        return None


def _is_held_back(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.is_authenticated and user.is_held_back


# Authentication, logout, and push notifications of the device.
OPEN_TO_BADGES = r"connexion|deconnexion|preuve|double/(cles/)?preuve|mot-de-passe/oublie"
ACCOUNT = re.compile(rf"/compte/(?!({OPEN_TO_BADGES}|notifications|oidc|cas)/)")


class ByBadge:
    """A session that a badge has opened needs a recent reauthentication for the pages of the
    account (data, password, tokens, deletion), because tablets are shared.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if (
            not ACCOUNT.match(request.path)
            or BADGE not in request.session
            or not user.is_authenticated
            or second_factor.is_fresh(request)
        ):
            return self.get_response(request)
        query = urlencode({"next": request.get_full_path()})
        if selectors.has_factor(user):
            return redirect(f"{second_factor.proof_page(user)}?{query}")
        if user.has_usable_password():
            return redirect(f"{resolve_url('account_reauthenticate')}?{query}")
        return render(request, "accounts/by_badge.html", status=403)
