"""Calls for help: the team's card, and the queue on the helpers' telephones."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.editions.models import Edition
from teams import rules
from teams.enums import HelpState
from teams.floors import by_floor
from teams.forms import CallForm
from teams.models import HelpRequest, Membership, Team
from teams.selectors import calls as selectors_calls
from teams.selectors import teams
from teams.selectors.calls import Desk
from teams.services import calls

# On which floor this telephone is, kept by it: two helpers with one account stand on two floors.
FLOOR_COOKIE = "floor"
FLOOR_SECONDS = 24 * 3600
ALL_FLOORS = "all"

type Step = Callable[..., HelpRequest]


# ---------------------------------------------------------------- the team's card


def card_of(
    team: Team, *, form: CallForm | None = None, refusal: str | None = None
) -> dict[str, Any]:
    """What `teams/_help.html` shows: the open call with its place, or the buttons."""
    found = selectors_calls.team_call_of(team)
    return {
        "team": team,
        "found": found,
        "last_call": None if found else selectors_calls.last_call_of(team),
        "not_calling": rules.calling_refusal(team.edition, at=clock.now()),
        "call_form": form or CallForm(team=team),
        "call_refusal": refusal,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def card(request: HttpRequest) -> HttpResponse:
    """The card, fetched again by live messages; a POST calls. A card that says what it shows is
    told when that still holds (204), so that a screen reader does not read it out again.
    """
    team = _own_place(request).team
    if seen := request.GET.get("seen"):
        found = selectors_calls.team_call_of(team)
        if found is not None and found.seen == seen:
            return HttpResponse(status=204)
    form = CallForm(request.POST if request.method == "POST" else None, team=team)
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            calls.request(team=team, by=person(request), at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            refusal = str(refused.refusal)
        else:
            form = CallForm(team=team)
    return _card(request, team, form, refusal=refusal)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The team needs nobody any more."""
    team = _own_place(request).team
    call = selectors_calls.get_call_of(team, pk)
    refusal = None
    try:
        calls.withdraw(call=call, by=person(request), at=clock.now())
    except Refused as refused:
        refusal = str(refused.refusal)
    return _card(request, team, CallForm(team=team), refusal=refusal)


def _card(request: HttpRequest, team: Team, form: CallForm, *, refusal: str | None) -> HttpResponse:
    """The card for htmx, refusals in it; else the team's page, which has it."""
    if request.headers.get("HX-Request"):
        context = card_of(team, form=form, refusal=refusal)
        return render(request, "teams/_help.html", context)
    if form.is_bound and not form.is_valid():
        refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if refusal:
        messages.error(request, refusal)
    return redirect("teams:mine")


# ---------------------------------------------------------------- the queue


@login_required
@require_safe
@vary_on_headers("HX-Request")
def queue(request: HttpRequest) -> HttpResponse:
    """Whose calls somebody answers, nearest floor first. `?floor=2` says where one is."""
    desk = _desk(request)
    chosen = request.GET.get("floor")
    floor = _floor(request.COOKIES.get(FLOOR_COOKIE, "") if chosen is None else chosen)
    response = _queue(request, desk, floor)
    if chosen is not None:
        kept = ALL_FLOORS if floor is None else str(floor)
        response.set_cookie(
            FLOOR_COOKIE, kept, max_age=FLOOR_SECONDS, samesite="Lax", httponly=True
        )
    return response


@login_required
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """« Je prends »."""
    return _step(request, pk, calls.claim)


@login_required
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """« J’y vais »."""
    return _step(request, pk, calls.start)


@login_required
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """« C’est fait »."""
    return _step(request, pk, calls.finish)


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """« Rendre à la file »."""
    return _step(request, pk, calls.release)


def _step(request: HttpRequest, pk: int, step: Step) -> HttpResponse:
    """One step of a call, then the queue as it is; a refusal is said over it."""
    desk = _desk(request)
    call = selectors_calls.get_call_for(request.user, pk)
    refusal = None
    try:
        step(call=call, by=person(request), at=clock.now())
    except Refused as refused:
        refusal = str(refused.refusal)
    if request.headers.get("HX-Request"):
        floor = _floor(request.COOKIES.get(FLOOR_COOKIE, ""))
        return _queue(request, desk, floor, refusal=refusal)
    if refusal:
        messages.error(request, refusal)
    return redirect("teams:queue")


def _queue(
    request: HttpRequest, desk: Desk, floor: int | None, *, refusal: str | None = None
) -> HttpResponse:
    found = selectors_calls.open_calls(desk)
    waiting = [call for call in found if call.state == HelpState.WAITING]
    held = [call for call in found if call.is_held]
    context = {
        "desk": desk,
        "refusal": refusal,
        "mine": [call for call in held if call.claimed_by_id == request.user.pk],
        "others": [call for call in held if call.claimed_by_id != request.user.pk],
        "waiting": waiting,
        "floors": by_floor(waiting, floor_of=lambda call: call.floor, order=_by_age, nearest=floor),
        "known_floors": selectors_calls.floors_of(desk),
        "chosen_floor": floor,
        "all_floors": ALL_FLOORS,
        "waits": selectors_calls.waits(desk.edition) if desk.organizer else None,
    }
    template = "_queue.html" if request.headers.get("HX-Request") else "queue.html"
    return render(request, f"teams/{template}", context)


def _by_age(call: HelpRequest) -> Any:
    return call.requested_at, call.pk


def _floor(text: str) -> int | None:
    """A floor as the cookie or the address says it; anything else is none."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 3 else None


def _desk(request: HttpRequest) -> Desk:
    return selectors_calls.get_desk_for(request.user, _edition(request))


def _edition(request: HttpRequest) -> Edition | None:
    return request.edition  # type: ignore[attr-defined]


def _own_place(request: HttpRequest) -> Membership:
    place = teams.membership_of(request.user, _edition(request))
    if place is None:
        raise Http404
    return place
