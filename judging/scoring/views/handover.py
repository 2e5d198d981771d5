"""Sign-in on a shared tablet: with a PIN on a tablet of this jury, with a badge on any."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hackathon.base.accounts.sessions import BADGE
from hackathon.base.core import clock
from hackathon.base.core.cookies import cookie_name
from hackathon.base.core.views import Request, accepted, form_page, posted
from judging.jury.own import own_seats
from judging.jury.selectors import jurors_with_pin
from judging.models import Juror
from judging.scoring.forms import BadgeForm, PinForm
from judging.setup.services import badges

# Holds the ids of the departments whose jurors have used the tablet.
PATH, SALT = "/jury/", "jury-tablet"
COOKIE, COOKIE_SECONDS = cookie_name(SALT, path=PATH), 36 * 3600
SESSION = timedelta(hours=12)  # one night


@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        seats = own_seats(request)
        if not seats:
            raise Http404
        if request.method == "POST":
            logout(request)
            return _with_departments(redirect("judging:handover"), request, seats)
        return render(request, "judging/scoring/handover.html", {"seats": seats})
    seats = jurors_with_pin(_departments(request), request.edition)
    if not seats:
        return redirect_to_login(request.get_full_path())
    form = PinForm(seats, posted(request))
    if accepted(form, lambda: badges.enter_pin(juror=form.seat, pin=form.cleaned_data["pin"])):
        return _sign_in(request, form.seat, "pin")
    return form_page(request, "judging/scoring/vacant.html", form)


@sensitive_post_parameters("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def badge(request: HttpRequest) -> HttpResponse:
    """The script posts the token from the fragment, first to show the name, then to sign in."""
    form = BadgeForm(posted(request))
    outcome = accepted(form, lambda: badges.read(token=form.cleaned_data["token"]))
    if not outcome:
        return form_page(request, "judging/scoring/badge.html", form)
    if "confirmed" in request.POST:
        return _sign_in(request, outcome.result, "badge")
    context = {"form": form, "juror": outcome.result, "token": form.cleaned_data["token"]}
    return render(request, "judging/scoring/badge.html", context)


def _sign_in(request: HttpRequest, juror: Juror, how: str) -> HttpResponse:
    now = clock.now()
    login(request, juror.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[BADGE] = True
    request.session.set_expiry(now + SESSION)
    badges.record_sign_in(juror=juror, how=how, at=now)
    return _with_departments(redirect("judging:index"), request, [juror])


def _with_departments(
    response: HttpResponse, request: HttpRequest, seats: Iterable[Juror]
) -> HttpResponse:
    departments = {*_departments(request), *(seat.department_id for seat in seats)}
    response.set_signed_cookie(
        COOKIE,
        ",".join(str(pk) for pk in sorted(departments)),
        salt=SALT,
        max_age=COOKIE_SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response["Clear-Site-Data"] = '"cache"'
    return response


def _departments(request: HttpRequest) -> list[int]:
    cookie = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=COOKIE_SECONDS)
    return [int(pk) for pk in (cookie or "").split(",") if pk.isdecimal()]
