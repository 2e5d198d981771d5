from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.account.views import LoginView, LogoutView
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.accounts import devices, selectors, services
from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.forms import (
    AddressCodesForm,
    AddressForm,
    EntryCodeForm,
    PhoneForm,
    ProfileForm,
)
from hackathon.base.accounts.models import User
from hackathon.base.accounts.second_factor import fresh_proof
from hackathon.base.accounts.sessions import enlist
from hackathon.base.accounts.university.views import leave, sign_out_url, ways
from hackathon.base.core import clock, qr
from hackathon.base.core.views import Request, accepted, form_page, perform, posted

ADDRESS_CHANGE = "address_change"  # in the session


@login_required
def profile(request: Request) -> HttpResponse:
    user = request.user
    form = ProfileForm(posted(request), initial={"name": user.name})
    if accepted(
        form, lambda: services.rename(user, form.cleaned_data["name"], by=user, at=clock.now())
    ):
        messages.success(request, _("Nom enregistré."))
        return redirect("accounts:profile")
    return form_page(request, "accounts/profile.html", form, ways=ways())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: Request) -> HttpResponse:
    """Asked after the first sign-in, and then `next`."""
    user = request.user
    form = ProfileForm(posted(request), initial={"name": user.name})
    target = get_next_redirect_url(request) or reverse(settings.LOGIN_REDIRECT_URL)
    if accepted(
        form, lambda: services.rename(user, form.cleaned_data["name"], by=user, at=clock.now())
    ):
        return HttpResponseRedirect(target)  # a path, which may be no name of a view
    return form_page(request, "accounts/name.html", form, next=target)


@sensitive_post_parameters("phone")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: Request) -> HttpResponse:
    user = request.user
    form = PhoneForm(posted(request), initial={"phone": user.phone})
    if accepted(form, lambda: services.set_phone(user, form.cleaned_data["phone"], at=clock.now())):
        done = _("Numéro enregistré.") if user.phone else _("Numéro effacé.")
        messages.success(request, done)
        return redirect("accounts:profile")
    return form_page(request, "accounts/phone.html", form)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A QR code has the entry code in its fragment, which browsers send to no server."""
    form = EntryCodeForm(posted(request))
    entered = accepted(
        form,
        lambda: services.enter(form.cleaned_data["code"], at=clock.now()),
        fields=dict.fromkeys(AccountRefusal, "code"),
    )
    if not entered:
        return form_page(request, "accounts/enter.html", form)
    # By allauth: who has a second factor is asked for it.
    response: HttpResponse = perform_login(request, entered.result)
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def other_device(request: Request) -> HttpResponse:
    code = ""
    if not ratelimit.consume(request, action="show_entry_code", user=request.user):
        messages.error(request, get_adapter().error_messages["rate_limited"])
    elif request.method == "POST":
        code = services.make_entry_code(request.user, by=request.user, at=clock.now())
    return entry_code_page(request, request.user, code, back=reverse("accounts:profile"))


def entry_code_page(request: Request, user: User, code: str, *, back: str) -> HttpResponse:
    """Shows `code` once, as text and as QR code; without one, the button that makes it."""
    address = f"{settings.SITE_URL}{reverse('accounts:enter')}#{code}"
    context = {"person": user, "code": code, "qr": qr.svg(address), "back": back}
    return render(request, "accounts/entry_code.html", context)


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"ways": ways()}


class SignOut(LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the site has not received yet stays on the device, unless the person says
        otherwise: see `docs/decisions/0032-leaving-a-device.md`.
        """
        away = sign_out_url(self.request)
        response: HttpResponse = super().post(*args, **kwargs)
        if away:
            response = leave(self.request, away)
        kinds = '"cache", "storage"' if "everything" in self.request.POST else '"cache"'
        response["Clear-Site-Data"] = kinds
        return response


@login_required
@require_safe
def sessions(request: Request) -> HttpResponse:
    context = {
        "sessions": selectors.sessions_of(request.user, at=clock.now()),
        "current": request.session.session_key,
    }
    return render(request, "accounts/sessions.html", context)


@login_required
@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    sign_in = selectors.get_session_of(request.user, pk)
    return perform(
        request,
        lambda: services.end_session(sign_in, by=request.user, at=clock.now()),
        done=_("Session fermée."),
        to=reverse("accounts:sessions"),
    )


@login_required
@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """All but this one."""
    services.sign_out_everywhere(request.user, by=request.user, at=clock.now())
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    enlist(request, request.user)
    messages.success(request, _("Toutes vos autres sessions sont fermées."))
    return redirect("accounts:sessions")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof
def address(request: Request) -> HttpResponse:
    form = AddressForm(posted(request))
    if outcome := accepted(
        form,
        lambda: services.ask_to_change_address(
            request.user, form.cleaned_data["email"], at=clock.now()
        ),
    ):
        request.session[ADDRESS_CHANGE] = outcome.result
        return redirect("accounts:address-codes")
    return form_page(request, "accounts/address.html", form)


@sensitive_post_parameters("old_code", "new_code")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_codes(request: Request) -> HttpResponse:
    change = request.session.get(ADDRESS_CHANGE)
    if change is None:
        return redirect("account_email")
    form = AddressCodesForm(posted(request))
    if not accepted(
        form,
        lambda: services.change_address(request.user, change, **form.cleaned_data, at=clock.now()),
    ):
        return form_page(request, "accounts/address_codes.html", form, email=change["email"])
    del request.session[ADDRESS_CHANGE]
    messages.success(request, _("Votre adresse est maintenant %(email)s.") % change)
    response = redirect("accounts:profile")
    devices.remember(response, request, change["email"])
    return response
