"""A shared tablet goes to the next juror: by PIN on a tablet of this jury, or by badge on any."""

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

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.views import Request, accepted, posted
from judging.jury import selectors
from judging.models import Juror
from judging.scoring.forms import PinForm
from judging.setup.services import badges as handover

# Which juries a tablet belongs to: written when one of their jurors passes it on or takes it.
COOKIE, COOKIE_SECONDS = "jury-tablet", 36 * 3600
SESSION = timedelta(hours=12)  # a night, and not the next one


@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request) -> HttpResponse:
    """For who has the tablet: pass it on. For who gets it: my name, my PIN."""
    if request.user.is_authenticated:
        seats = selectors.jury_of(request.user, request.edition)
        if not seats:
            raise Http404
        if request.method == "POST":
            logout(request)
            return _enrolled(redirect("judging:handover"), request, seats)
        return render(request, "judging/handover.html", {"seats": seats})
    waiting = selectors.seats_at(_departments(request), request.edition)
    if not waiting:
        return redirect_to_login(request.get_full_path())
    form = PinForm(waiting, posted(request))
    if accepted(form, lambda: handover.enter_pin(juror=form.seat, pin=form.cleaned_data["pin"])):
        return _taken(request, form.seat, "pin")
    status = 422 if form.is_bound else 200
    return render(request, "judging/vacant.html", {"form": form}, status=status)


@sensitive_post_parameters("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def badge(request: HttpRequest) -> HttpResponse:
    """Where a badge's QR code leads. The token comes behind the #, and the page's script sends it:
    first to say whose badge it is, then, confirmed, to sign in.
    """
    token = request.POST.get("token", "")
    if request.method != "POST":
        return render(request, "judging/badge.html")
    try:
        juror = handover.read_badge(token=token)
    except Refused as refused:
        return render(request, "judging/badge.html", {"refusal": refused.refusal}, status=422)
    if "confirmed" in request.POST:
        return _taken(request, juror, "badge")
    return render(request, "judging/badge.html", {"juror": juror, "token": token})


def _taken(request: HttpRequest, juror: Juror, how: str) -> HttpResponse:
    """Sign in whoever took the tablet, for a night."""
    now = clock.now()
    login(request, juror.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(now + SESSION)
    handover.arrived(juror=juror, how=how, at=now)
    return _enrolled(redirect("judging:index"), request, [juror])


def _enrolled(response: HttpResponse, request: HttpRequest, seats: Iterable[Juror]) -> HttpResponse:
    """Remember on the tablet whose jury it serves; forget what the browser kept of the juror."""
    known = {*_departments(request), *(seat.department_id for seat in seats)}
    response.set_signed_cookie(
        COOKIE,
        ",".join(str(pk) for pk in sorted(known)),
        salt=COOKIE,
        max_age=COOKIE_SECONDS,
        path="/jury/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response["Clear-Site-Data"] = '"cache"'
    return response


def _departments(request: HttpRequest) -> list[int]:
    kept = request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=COOKIE_SECONDS)
    return [int(pk) for pk in (kept or "").split(",") if pk.isdecimal()]
