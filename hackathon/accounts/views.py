from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hackathon.accounts import devices, services
from hackathon.accounts.errors import AccountRefusal
from hackathon.accounts.forms import EntryCodeForm, PhoneForm, ProfileForm
from hackathon.accounts.models import User
from hackathon.core import clock, qr
from hackathon.core.views import Request, accepted, form_page, posted


@login_required
def profile(request: Request) -> HttpResponse:
    user = request.user
    form = ProfileForm(posted(request), initial={"name": user.name})
    if accepted(
        form, lambda: services.rename(user, form.cleaned_data["name"], by=user, at=clock.now())
    ):
        messages.success(request, _("Nom enregistré."))
        return redirect("accounts:profile")
    return form_page(request, "accounts/profile.html", form)


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
        return redirect(target)
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
    login(request, entered.result, backend=settings.AUTHENTICATION_BACKENDS[0])
    response = redirect(settings.LOGIN_REDIRECT_URL)
    devices.remember(response, request, entered.result.email)
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def other_device(request: Request) -> HttpResponse:
    code = ""
    if request.method == "POST":
        code = services.make_entry_code(request.user, by=request.user, at=clock.now())
    return entry_code_page(request, request.user, code, back="accounts:profile")


def entry_code_page(request: Request, user: User, code: str, *, back: str) -> HttpResponse:
    """Shows `code` once, as text and as QR code; without one, the button that makes it."""
    address = f"{settings.SITE_URL}{reverse('accounts:enter')}#{code}"
    context = {"person": user, "code": code, "qr": qr.svg(address), "back": reverse(back)}
    return render(request, "accounts/entry_code.html", context)
