from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound, Refused, refuse
from hackathon.base.core.views import Request, accepted, edition_of, is_htmx, perform, posted
from hackathon.day.stage.projectors.selectors import get_projector
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import organized_edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.passages import selectors, services
from hackathon.extras.passages.decks import decks_to_store, get_deck_to_store
from hackathon.extras.passages.errors import PassagesRefusal
from hackathon.extras.passages.forms import DecksForm, OrderForm, PlanForm, TurnForm
from hackathon.extras.passages.selectors import PassageScreen
from submissions.files import content_response, copy_response

PAGE = "passages/index.html"


# ---------------------------------------------------------------- organizers


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    """Of all departments; those that were changed are saved, each by itself."""
    plans = [
        PlanForm(posted(request), department=department)
        for department in selectors.departments_with_plans(edition)
    ]
    is_valid = all(form.is_valid() for form in plans)
    for form in plans if is_valid else ():
        is_saved = not form.is_changed or accepted(form, partial(_save_plan, request, form))
        is_valid = is_valid and bool(is_saved)
    if not plans or not is_valid:
        status = 422 if request.method == "POST" else 200
        return render(request, PAGE, {"managed": edition, "plans": plans}, status=status)
    messages.success(request, _("Les passages sont enregistrés."))
    return redirect("passages:index", edition.slug)


def _save_plan(request: Request, form: PlanForm) -> None:
    services.save_plan(
        department=form.department, by=request.user, at=clock.now(), **form.cleaned_data
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def speaker(request: HttpRequest, token: str) -> HttpResponse:
    """The link gives the right to turn pages while its team is on stage."""
    at = clock.now()
    try:
        screen = selectors.get_passage(token, at=at)
        if request.method == "POST":
            form = TurnForm(request.POST)
            accepted(
                form,
                lambda: services.turn_by_speaker(
                    passage=screen.passage, at=at, **form.cleaned_data
                ),
            )
            screen = selectors.get_passage(token, at=at)
    except NotFound:
        # Parts of open pages are changed only by answers with status 200.
        return _speaker(request, None, status=200 if is_htmx(request) else 404)
    if request.method == "POST" and not is_htmx(request):
        return redirect("passages:speaker", token)
    return _speaker(request, screen)


@login_required
@never_cache
@require_safe
def own(request: Request) -> HttpResponse:
    """The same for the members of the team."""
    try:
        screen = selectors.get_own_passage(request.user, request.edition, at=clock.now())
    except NotFound:
        return _speaker(request, None)
    return _speaker(request, screen)


@login_required
@require_POST
def order(request: Request) -> HttpResponse:
    """The order of the passages: drawn with a word of the hall, or set by hand."""
    edition = organized_edition(request.user, edition_of(request))
    form = OrderForm(request.POST)
    act = {"edition": edition, "by": request.user, "at": clock.now()}
    return perform(
        request,
        lambda: _order(form, **act),
        done="",  # the picture of the screens shows it
        to=reverse("stage:remote"),
    )


def _order(form: OrderForm, **act: Any) -> None:
    if not form.is_valid():
        raise Refused(refuse(PassagesRefusal.ORDER_INCOMPLETE))
    services.set_order(**form.cleaned_data, **act)


def _speaker(
    request: HttpRequest, screen: PassageScreen | None, *, status: int = 200
) -> HttpResponse:
    part = is_htmx(request)
    context: dict[str, Any] = {"one": screen, "here": request.path}
    template = "passages/_speaker.html" if part else "passages/speaker.html"
    return render(request, template, context, status=status)


# ---------------------------------------------------------------- projectors with a key


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decks(request: HttpRequest, key: str) -> HttpResponse:
    """What the projector stores. By POST it says how many of them it has."""
    projector = get_projector(edition_of(request), key)
    form = DecksForm(posted(request))
    if form.is_bound:
        at = clock.now()
        sent = accepted(
            form,
            lambda: services.report_decks(projector=projector, at=at, **form.cleaned_data),
        )
        return HttpResponse(status=204 if sent else 422)
    stored = decks_to_store(projector.edition, at=clock.now())
    listed = [{"id": deck.submission.pk, "size": deck.size} for deck in stored if deck.submission]
    return JsonResponse({"decks": listed})


@require_safe
def deck(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    projector = get_projector(edition_of(request), key)
    shown = get_deck_to_store(projector.edition, pk, at=clock.now())
    assert shown.submission is not None
    if shown.uses_copy:
        return copy_response(shown.submission, request)
    return content_response(shown.submission, request, inline=True)
