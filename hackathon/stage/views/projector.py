"""The projector, and how the organizers drive it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.views import dialog, dialog_done, edition_of
from hackathon.editions import selectors as editions
from hackathon.stage import projector as screens
from hackathon.stage import services
from hackathon.stage.forms import SceneForm


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The projector. What is public, whoever is signed in on the machine that projects."""
    return render(request, "stage/projector.html", _context(request))


@never_cache
@require_safe
def stage(request: HttpRequest) -> HttpResponse:
    """The projector's stage, fetched again when something changed."""
    return render(request, "stage/projector/_stage.html", _context(request))


@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """The script that keeps a projector's last page for when the server is away. It lies beside
    the page because a browser lets it look after nothing else than what is below its own address.
    """
    template = "stage/projector/watch.js"
    return render(request, template, content_type="text/javascript; charset=utf-8")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Put a scene on the projectors."""
    edition = editions.organized_edition(person(request), edition_of(request))
    posted = request.POST if request.method == "POST" else None
    form = SceneForm(posted, edition=edition, department=request.GET.get("room", ""))
    if posted is not None and form.is_valid():
        department, scene = form.department, form.cleaned_data["scene"]
        by, at = person(request), clock.now()
        try:
            if department is not None and form.follows_others:
                services.follow_others(edition=edition, department=department, by=by, at=at)
            else:
                services.choose(edition=edition, department=department, scene=scene, by=by, at=at)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            return dialog_done(request, form.said(), to="control_room:control")
    tiles = screens.tiles(edition, at=clock.now())
    lines = screens.lines(edition, at=clock.now())
    return dialog(request, _("Grand écran"), "stage/_scenes.html", form, tiles=tiles, lines=lines)


def _context(request: HttpRequest) -> dict[str, Any]:
    edition, code = edition_of(request), request.GET.get("room", "")
    if edition is None:
        return {"stage": None}
    stage = screens.stage(edition, code, at=clock.now())
    # The shell speaks of the same clock.
    return {"stage": stage, "clock": stage.clock, "code": code}
