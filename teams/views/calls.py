import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.base.core import clock
from hackathon.base.core.cookies import cookie_name
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, accepted, edition_of, is_htmx, posted, refusal_of
from teams.enums import HelpState
from teams.exports import CALLS
from teams.floors import by_floor
from teams.forms.students import CallForm
from teams.models import HelpRequest, Team
from teams.selectors import calls as selectors
from teams.selectors.calls import Helper
from teams.selectors.teams import get_membership_of
from teams.services import calls

# The floor is kept by the device: two helpers who share an account may be on two floors.
FLOOR_COOKIE = cookie_name("floor")
FLOOR_SECONDS = 24 * 3600
ALL_FLOORS = "all"


# ---------------------------------------------------------------- the team's card


def card_context(team: Team, *, form: CallForm | None = None, refusal: str = "") -> dict[str, Any]:
    call = selectors.team_call_of(team)
    return {
        "team": team,
        "found": call,
        "last_call": None if call else selectors.last_call_of(team),
        "call_form": form or CallForm(team=team),
        "call_refusal": refusal,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def card(request: Request) -> HttpResponse:
    """204 if the page shows this version (`seen`): a screen reader would read the card again."""
    team = get_membership_of(request.user, edition_of(request)).team
    if seen := request.GET.get("seen"):
        call = selectors.team_call_of(team)
        if call is not None and call.version == seen:
            return HttpResponse(status=204)
    form = CallForm(posted(request), team=team)
    if accepted(
        form,
        lambda: calls.request(team=team, by=request.user, at=clock.now(), **form.cleaned_data),
    ):
        response = _card(request, team, CallForm(team=team), refusal="")
        response["HX-Trigger"] = json.dumps({"draft:sent": CallForm.DRAFT})
        return response
    return _card(request, team, form, refusal=" ".join(map(str, form.non_field_errors())))


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    team = get_membership_of(request.user, edition_of(request)).team
    call = selectors.get_call_of(team, pk)
    refusal = refusal_of(lambda: calls.withdraw(call=call, by=request.user, at=clock.now()))
    return _card(request, team, CallForm(team=team), refusal=refusal)


def _card(request: Request, team: Team, form: CallForm, *, refusal: str) -> HttpResponse:
    if is_htmx(request):
        context = card_context(team, form=form, refusal=refusal)
        return render(request, "teams/_help.html", context)
    errors = [str(error) for errors in form.errors.values() for error in errors]
    if message := " ".join(errors) or refusal:
        messages.error(request, message)
    return redirect("teams:mine")


# ---------------------------------------------------------------- the queue


@login_required
@require_safe
@vary_on_headers("HX-Request")
def queue(request: Request) -> HttpResponse:
    """The calls that this person answers, nearest floor first; `?floor=2` sets their floor."""
    helper = selectors.get_helper_for(request.user, edition_of(request))
    if file := exported(request, "appels", CALLS, lambda: selectors.all_calls(helper)):
        return file
    chosen = request.GET.get("floor")
    floor = _floor(request.COOKIES.get(FLOOR_COOKIE, "") if chosen is None else chosen)
    response = _queue(request, helper, floor)
    if chosen is not None:
        value = ALL_FLOORS if floor is None else str(floor)
        response.set_cookie(
            FLOOR_COOKIE,
            value,
            max_age=FLOOR_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@login_required
@require_POST
def claim(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, calls.claim)


@login_required
@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, calls.start)


@login_required
@require_POST
def finish(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, calls.finish)


@login_required
@require_POST
def release(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, calls.release)


def _step(request: Request, pk: int, step: Callable[..., HelpRequest]) -> HttpResponse:
    helper = selectors.get_helper_for(request.user, edition_of(request))
    call = selectors.get_call_for(request.user, pk)
    refusal = refusal_of(lambda: step(call=call, by=request.user, at=clock.now()))
    if is_htmx(request):
        floor = _floor(request.COOKIES.get(FLOOR_COOKIE, ""))
        return _queue(request, helper, floor, refusal=refusal)
    if refusal:
        messages.error(request, refusal)
    return redirect("teams:queue")


def _queue(
    request: Request, helper: Helper, floor: int | None, *, refusal: str = ""
) -> HttpResponse:
    open_calls = selectors.open_calls(helper)
    waiting = [call for call in open_calls if call.state == HelpState.WAITING]
    held = [call for call in open_calls if call.is_held]
    context = {
        "helper": helper,
        "refusal": refusal,
        "mine": [call for call in held if call.claimed_by_id == request.user.pk],
        "others": [call for call in held if call.claimed_by_id != request.user.pk],
        "waiting": waiting,
        "floors": by_floor(
            waiting,
            floor_of=lambda call: call.floor,
            order=lambda call: (call.requested_at, call.pk),
            nearest=floor,
        ),
        "known_floors": selectors.floors_of(helper.edition),
        "chosen_floor": floor,
        "all_floors": ALL_FLOORS,
        "waits": selectors.waits(helper.edition) if helper.organizer else None,
    }
    template = "_queue.html" if is_htmx(request) else "queue.html"
    return render(request, f"teams/{template}", context)


def _floor(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 3 else None
