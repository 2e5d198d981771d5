"""The ceremony: what the amphitheatre sees, and the remote that drives it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.views import edition_of
from hackathon.editions.selectors import organized_edition
from hackathon.stage import projector as screens
from hackathon.stage.remote import NEXT, RemoteForm
from judging.ceremony.selectors import screens as selectors


@never_cache
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The ceremony's projector, for everybody: the step that is on and nothing else."""
    return render(request, "stage/ceremony.html", _context(request))


@never_cache
@require_safe
def scene(request: HttpRequest) -> HttpResponse:
    """The same picture alone, fetched again at each step."""
    return render(request, "stage/ceremony/_stage.html", _context(request))


@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """As for the other projectors: the script that keeps the last page while the server is away."""
    template = "stage/projector/watch.js"
    return render(request, template, content_type="text/javascript; charset=utf-8")


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def remote(request: HttpRequest) -> HttpResponse:
    """The organizers' remote: what is on, what kind of thing comes next, and the buttons."""
    edition = organized_edition(person(request), edition_of(request))
    form = RemoteForm(request.POST if request.method == "POST" else None)
    htmx = request.headers.get("HX-Request") == "true"
    if form.is_bound and form.is_valid():
        try:
            form.press(edition, by=person(request), at=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            if not htmx:
                return redirect("stage:remote")
            form = RemoteForm()
    edition.refresh_from_db(fields=["results_published_at"])
    now = clock.now()
    told = selectors.remote_state(edition, at=now)
    context = {"form": form, "remote": told, "shown": told.shown, "edition": edition}
    context["next"] = NEXT.get(told.next) if told.next else None
    if told.is_live:
        context["elsewhere"] = screens.elsewhere(edition, at=now)
    template = "stage/_remote.html" if htmx else "stage/remote.html"
    status = 422 if form.is_bound and not htmx else 200
    return render(request, template, context, status=status)


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"shown": selectors.screen_state(edition_of(request), at=clock.now())}
