import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hackathon.accounts import second_factor, selectors


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


# What only organizers and superusers do.
TRUSTED_PATHS = re.compile(
    r"/(organisation|pilotage|admin|annonces/(nouvelle|\d+)|ceremonie/telecommande)/"
)
API = "/api/v1/"  # organizers write everything by it too


class SecondFactor:
    """Before what organizers do: who has a second factor must have given it in this session, also
    if they came by a badge or an entry code; who must have one gets the page to add it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_protected(request) and request.user.is_authenticated:
            user: Any = request.user
            if not second_factor.was_given(request):
                if selectors.factors_of(user).exists():
                    query = urlencode({"next": request.get_full_path()})
                    return redirect(f"{resolve_url('mfa_reauthenticate')}?{query}")
                if second_factor.is_required(user):
                    text = _(
                        "Ce site demande une seconde preuve à l’organisation : ajoutez-la ici."
                    )
                    messages.warning(request, text)
                    return redirect("mfa_index")
        return self.get_response(request)

    def _is_protected(self, request: HttpRequest) -> bool:
        if TRUSTED_PATHS.match(request.path):
            return True
        writes = request.method not in ("GET", "HEAD", "OPTIONS")
        return writes and request.path.startswith(API)
