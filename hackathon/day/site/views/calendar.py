from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.accounts import services
from hackathon.base.accounts.selectors import calendar_token, get_user_of_calendar
from hackathon.base.core import clock
from hackathon.base.core.views import Request, current_edition
from hackathon.day.site import calendar
from hackathon.event.roles import Roles, roles_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_page(request: Request) -> HttpResponse:
    """POST renews the address."""
    if request.method == "POST":
        services.renew_calendar(request.user, at=clock.now())
        messages.success(
            request, _("Votre agenda a une nouvelle adresse ; l’ancienne ne vaut plus.")
        )
        return redirect("site:calendar")
    path = reverse("site:calendar-personal", args=[calendar_token(request.user)])
    url = f"{settings.SITE_URL}{path}"
    context = {"url": url, "webcal_url": f"webcal://{url.partition('://')[2]}", "path": path}
    return render(request, "site/calendar.html", context)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    return _answer(request, Roles())


@never_cache
@require_safe
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """The address is the secret: calendar programs do not sign in."""
    user = get_user_of_calendar(token)
    return _answer(request, roles_of(user, current_edition(request)))


def _answer(request: HttpRequest, roles: Roles) -> HttpResponse:
    edition = current_edition(request)
    body = calendar.written(
        edition,
        calendar.moments_for(edition, roles),
        url=settings.SITE_URL,
        at=clock.now(),
    )
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{edition.slug}.ics"'
    return response
