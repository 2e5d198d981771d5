"""Rooms with their places, and the placement of all teams in them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from teams.forms.rooms import PlacementForm, RoomsForm
from teams.selectors import rooms as selectors
from teams.services import rooms


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    form = RoomsForm(posted(request), places=selectors.places_of(edition))
    if accepted(form, lambda: rooms.write(edition, form.places, by=request.user, at=clock.now())):
        messages.success(request, _("Les salles sont enregistrées."))
        return redirect("teams:rooms", edition.slug)
    context = {
        "managed": edition,
        "now": selectors.occupation(edition),
        "last": selectors.last_placement(edition),
    }
    return form_page(request, "teams/rooms.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def placement(request: Request, edition: Edition) -> HttpResponse:
    """The preview, for nobody else yet, and its button."""
    asked = PlacementForm(posted(request) or request.GET)
    asked.full_clean()
    given: dict[str, Any] = asked.cleaned_data
    form = PlacementForm(posted(request))
    if placed := accepted(
        form, lambda: rooms.place(edition, **given, by=request.user, at=clock.now())
    ):
        n = len(placed.result.changes)
        text = ngettext("{n} équipe a changé de salle.", "{n} équipes ont changé de salle.", n)
        messages.success(request, text.format(n=n))
        return redirect("teams:rooms", edition.slug)
    offer = selectors.offer(edition, moves=given["moves"])
    context = {"managed": edition, "offer": offer, "found": offer.proposal}
    return form_page(request, "teams/placement.html", form, **context)


@require_POST
@for_organizers
def undo(request: Request, edition: Edition, pk: int) -> HttpResponse:
    last = selectors.get_placement(edition, pk)
    return perform(
        request,
        lambda: rooms.undo(last, by=request.user, at=clock.now()),
        done=_(
            "Les équipes ont la salle d’avant. Celles qui ont bougé depuis restent où elles sont."
        ),
        to=reverse("teams:rooms", args=[edition.slug]),
    )


def warn_overfull(request: Request, edition: Edition, name: str) -> None:
    """After teams were moved into this room by hand."""
    text = _("La salle « {room} » a {taken} personnes pour {places} places.")
    for room in selectors.overfull(edition, [name]):
        said = text.format(room=room.place.name, taken=room.taken, places=room.place.places)
        messages.warning(request, said)
