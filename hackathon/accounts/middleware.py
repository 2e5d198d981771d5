import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hackathon.accounts import second_factor, selectors
from hackathon.accounts.sessions import BADGE


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


# What only organizers and superusers do, and tokens, which act later without a second factor.
PROTECTED = re.compile(
    r"/(organisation|pilotage|admin|annonces/(nouvelle|\d+)|ceremonie/telecommande|compte/jetons)/"
)
# Organizers see more than others here. The live messages check the second factor themselves.
SHARED = re.compile(
    r"/questions/(file|\d+)/|/equipe/(membres|recherches)/|/depots/\d+/|/api/v1/(?!live/)"
)
API = "/api/v1/"


class SecondFactor:
    """Before what organizers do: who has a second factor must have given it in this session, also
    if they came by a badge or an entry code; who must have one gets the page to add it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._concerns(request):
            user: Any = request.user
            if second_factor.has_factor(request):
                query = urlencode({"next": request.get_full_path()})
                return redirect(f"{resolve_url('mfa_reauthenticate')}?{query}")
            if second_factor.is_required(user):
                text = _("Ce site demande une seconde preuve à l’organisation : ajoutez-la ici.")
                messages.warning(request, text)
                return redirect("mfa_index")
        return self.get_response(request)

    def _concerns(self, request: HttpRequest) -> bool:
        """Costs students no query but where they read what they share with organizers."""
        writes = request.method not in ("GET", "HEAD", "OPTIONS") and request.path.startswith(API)
        protected = writes or PROTECTED.match(request.path)
        if not (protected or SHARED.match(request.path)):
            return False
        user: Any = request.user
        if not user.is_authenticated or second_factor.was_given(request):
            return False
        return bool(protected) or selectors.is_trusted(user)


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
        if second_factor.has_factor(request):
            return redirect(f"{resolve_url('mfa_reauthenticate')}?{query}")
        if user.has_usable_password():
            return redirect(f"{resolve_url('account_reauthenticate')}?{query}")
        return render(request, "accounts/by_badge.html", status=403)
