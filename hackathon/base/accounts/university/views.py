"""Sign-in with an account of a university, and signing out there."""

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from hackathon.base.accounts import selectors, services
from hackathon.base.accounts.sessions import UNIVERSITY, ticket_digest
from hackathon.base.accounts.university import cas, oidc
from hackathon.base.accounts.university.providers import OidcAdapter, service_of
from hackathon.base.core import clock
from hackathon.base.core.views import Request, perform

logger = logging.getLogger(__name__)

OIDC = "oidc"  # the name of the configured provider


def ways() -> list[dict[str, Any]]:
    """The buttons of the sign-in page."""
    default = _("Se connecter avec mon compte de l’université")
    buttons = []
    if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        buttons.append({"start": "accounts:oidc-start", "label": settings.OIDC_LABEL or default})
    if settings.CAS_URL:
        buttons.append({"start": "accounts:cas-start", "label": settings.CAS_LABEL or default})
    return buttons


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """To another site after a form: our policy allows no redirect of a form to it."""
    response = render(request, "accounts/leaving.html", {"url": url})
    response["Refresh"] = f"0; url={url}"
    return response


def sign_out_url(request: HttpRequest) -> str:
    """Where the session with the university is ended too; empty without one. Read it before the
    session ends.
    """
    session = request.session.get(UNIVERSITY, {})
    home = build_absolute_uri(request, reverse(settings.LOGOUT_REDIRECT_URL))
    if "id_token" not in session:
        return cas.sign_out_url(home) if "ticket" in session else ""
    if not session["end_session"]:
        return ""
    hint = {"id_token_hint": session["id_token"], "post_logout_redirect_uri": home}
    return f"{session['end_session']}?{urlencode(hint)}"


# ---------------------------------------------------------------- OpenID Connect


@require_POST
def oidc_start(request: HttpRequest) -> HttpResponse:
    return _start(request, OIDC)


def oidc_callback(request: HttpRequest) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = OAuth2CallbackView.adapter_view(OidcAdapter(request, OIDC))(
            request
        )
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer


@csrf_exempt
@never_cache
@require_POST
def oidc_ended(request: HttpRequest) -> HttpResponse:
    """Back-channel logout: the provider posts a token, without a browser."""
    if not settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        raise Http404
    adapter, at = OidcAdapter(request, OIDC), clock.now()
    try:
        ended = oidc.ended(adapter, request.POST.get("logout_token", ""), at=at)
        if not services.end_sessions_by_token(ended.token, ended.uid, ended.session, at=at):
            raise ProviderException("OIDC: a logout token twice")
    except ProviderException as error:
        logger.warning("A logout token was refused: %s", error)
        return JsonResponse({"error": "invalid_request"}, status=400)
    return HttpResponse(status=204)


# ---------------------------------------------------------------- CAS


@require_POST
def cas_start(request: HttpRequest) -> HttpResponse:
    return _start(request, "cas")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def cas_callback(request: HttpRequest) -> HttpResponse:
    """Browsers come with a ticket; the server posts the ticket whose session has ended."""
    if not settings.CAS_URL:
        raise Http404
    if request.method == "POST":
        ticket = cas.ended_ticket(request.POST.get("logoutRequest", ""))
        services.end_sessions_of_university("", ticket_digest(ticket))
        return HttpResponse(status=204)
    provider = get_adapter().get_provider(request, "cas")
    state_id, ticket = request.GET.get("state", ""), request.GET.get("ticket", "")
    state = statekit.unstash_state(request, provider_id="cas", state_id=state_id)
    if state is None or not ticket:
        return render_authentication_error(request, provider)
    try:
        person = cas.validate(ticket, service_of(request, state_id))
        login = provider.sociallogin_from_response(request, person)
    except ProviderException as error:
        return render_authentication_error(request, provider, exception=error)
    login.state = state
    request.session[UNIVERSITY] = {"ticket": ticket_digest(ticket)}
    return complete_social_login(request, login)


def _start(request: HttpRequest, name: str) -> HttpResponse:
    provider = _provider(request, name)
    try:
        away: HttpResponse = provider.redirect_from_request(request)
    except (RequestException, OAuth2Error, ValueError, KeyError) as error:
        return render_authentication_error(request, provider, exception=error)
    return leave(request, away["Location"]) if away.status_code == 302 else away


def _provider(request: HttpRequest, name: str) -> Any:
    if name == "cas" and not settings.CAS_URL:
        raise Http404
    try:
        return get_adapter().get_provider(request, name)
    except SocialApp.DoesNotExist:
        raise Http404 from None


# ---------------------------------------------------------------- the link with an account


@login_required
@require_safe
def links(request: Request) -> HttpResponse:
    if not (buttons := ways()):
        raise Http404
    context = {"ways": buttons, "links": selectors.links_of(request.user)}
    return render(request, "accounts/university.html", context)


@login_required
@require_POST
def unlink(request: Request, pk: int) -> HttpResponse:
    link = selectors.get_link_of(request.user, pk)
    return perform(
        request,
        lambda: services.unlink(link, by=request.user, at=clock.now()),
        done=_("Ce compte de l’université n’ouvre plus votre compte."),
        to=reverse("accounts:university"),
    )
