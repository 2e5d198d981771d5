from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, current_edition, edition_of, perform
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import not_for_readers
from hackathon.event.roles import roles_of_request
from hackathon.extras.emergency import selectors, services
from hackathon.extras.emergency.forms import CallForm


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """For everybody: the numbers need no account."""
    return _page(request, current_edition(request))


@login_required
@require_POST
def call(request: Request) -> HttpResponse:
    edition, form = current_edition(request), CallForm(request.POST)

    def tell() -> None:
        text = form.cleaned_data["text"]
        services.call(edition=edition, text=text, by=request.user, at=clock.now())

    if accepted(form, tell):
        return redirect("emergency:index")
    return _page(request, edition, form)


def _page(request: HttpRequest, edition: Edition, form: CallForm | None = None) -> HttpResponse:
    own = selectors.own_emergency(request.user, edition, at=clock.now())
    is_open = own is not None and own.closed_at is None
    context = {
        "own": own,
        "is_open": is_open,
        "form": form or CallForm(initial={"text": own.text} if own and is_open else None),
        "lines": selectors.lines_of(edition),
    }
    status = 422 if form is not None else 200
    return render(request, "emergency/index.html", context, status=status)


@not_for_readers
@never_cache
@login_required
@require_safe
def calls(request: Request) -> HttpResponse:
    edition = _answered(request)
    emergencies = list(selectors.emergencies_of(edition))
    context = {
        "waiting": [one for one in emergencies if one.closed_at is None],
        "past": [one for one in reversed(emergencies) if one.closed_at is not None],
        "polls": not roles_of_request(request).organizer,
    }
    return render(request, "emergency/calls.html", context)


@login_required
@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    emergency = selectors.get_emergency(_answered(request), pk)
    return perform(
        request,
        lambda: services.take(emergency=emergency, by=request.user, at=clock.now()),
        done=_("Vous vous en occupez : la personne le sait."),
        to=reverse("emergency:calls"),
    )


@login_required
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    emergency = selectors.get_emergency(_answered(request), pk)
    return perform(
        request,
        lambda: services.close(emergency=emergency, by=request.user, at=clock.now()),
        done=_("L’urgence est terminée."),
        to=reverse("emergency:calls"),
    )


def _answered(request: Request) -> Edition:
    return selectors.answered_edition(request.user, roles_of_request(request), edition_of(request))
