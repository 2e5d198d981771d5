from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.core import clock
from hackathon.core.errors import NotFound, Refused, refuse
from hackathon.core.views import Request, accepted, edition_of, is_htmx, perform
from hackathon.editions.selectors import organized_edition
from hackathon.stage.forms import OrderForm, TurnForm
from judging.ceremony.selectors import speakers
from judging.ceremony.selectors.passages import PassageScreen
from judging.ceremony.services import passages
from judging.errors import JudgingRefusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def speaker(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link may turn the pages, as long as its team is on stage."""
    at = clock.now()
    try:
        screen = speakers.get_passage(token, at=at)
        if request.method == "POST":
            form = TurnForm(request.POST)
            accepted(
                form,
                lambda: passages.turn_by_speaker(
                    passage=screen.passage, at=at, **form.cleaned_data
                ),
            )
            screen = speakers.get_passage(token, at=at)
    except NotFound:
        # Parts of open pages are changed only by answers with status 200.
        return _speaker(request, None, status=200 if is_htmx(request) else 404)
    if request.method == "POST" and not is_htmx(request):
        return redirect("stage:speaker", token)
    return _speaker(request, screen)


@login_required
@never_cache
@require_safe
def own(request: Request) -> HttpResponse:
    """The same for the members of the team."""
    try:
        screen = speakers.get_own_passage(request.user, request.edition, at=clock.now())
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
        done=_("L’ordre de passage est à l’écran."),
        to=reverse("stage:remote"),
    )


def _order(form: OrderForm, **act: Any) -> None:
    if not form.is_valid():
        raise Refused(refuse(JudgingRefusal.ORDER_INCOMPLETE))
    passages.set_order(**form.cleaned_data, **act)


def _speaker(
    request: HttpRequest, screen: PassageScreen | None, *, status: int = 200
) -> HttpResponse:
    part = is_htmx(request)
    context: dict[str, Any] = {"one": screen, "here": request.path}
    template = "stage/_speaker.html" if part else "stage/speaker.html"
    return render(request, template, context, status=status)
