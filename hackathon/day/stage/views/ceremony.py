from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.base.core import clock
from hackathon.base.core.extras import Text
from hackathon.base.core.views import Request, accepted, edition_of, form_page, is_htmx, posted
from hackathon.base.live import fragments
from hackathon.base.live.message_counts import message_counts
from hackathon.day.stage import services
from hackathon.day.stage.forms import RemoteForm
from hackathon.day.stage.fragments import SCENE
from hackathon.day.stage.projectors.selectors import muted_projectors
from hackathon.day.stage.selectors import screens_without_ceremony
from hackathon.event.editions.selectors import organized_edition
from judging.ceremony.selectors.results import held_back_in
from judging.ceremony.selectors.screens import remote_state, screen_state
from judging.ceremony.selectors.state import Addition, additions
from judging.ceremony.steps import StepKind

# The remote shows only the kind of the next step (decision 18).
NEXT: dict[str, Any] = {
    StepKind.TITLE: _("un département"),
    StepKind.NOMINEES: _("les équipes nommées"),
    StepKind.MESSAGE: _("un message"),
    StepKind.DELIBERATION: _("la pause : les jurys délibèrent"),
    StepKind.DRUM: _("le roulement de tambour"),
    StepKind.PLACE: _("des lauréats"),
    StepKind.SPECIAL: _("un prix spécial"),
    StepKind.FINALE: _("le mur de tous les lauréats"),
}


@never_cache
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    return render(request, "stage/ceremony.html", _shown(request))


@never_cache
@require_safe
def scene(request: HttpRequest) -> HttpResponse:
    """Rendered once for all who ask in the same second and language."""
    edition = edition_of(request)
    if edition is None:
        return render(request, "stage/ceremony/_stage.html", _shown(request))
    version = message_counts.read().version(SCENE.shows)
    return HttpResponse(
        fragments.render(SCENE, edition, request.get_host(), at=clock.now(), version=version)
    )


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def remote(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    added = additions(edition)
    keys = [key for each in added for key in each.keys]
    form = RemoteForm(posted(request), keys=keys)
    if accepted(
        form,
        lambda: services.press_remote(
            edition=edition,
            button=form.cleaned_data["do"],
            seen=form.cleaned_data["seen"] or 0,
            rehearsal=form.cleaned_data["rehearsal"],
            changes=form.cleaned_data["changes"] or 0,
            by=request.user,
            at=clock.now(),
        ),
    ):
        if not is_htmx(request):
            return redirect("stage:remote")
        form = RemoteForm()
    edition.refresh_from_db(fields=["results_published_at"])
    at = clock.now()
    state = remote_state(edition, at=at)
    context = {
        "remote": state,
        "parts": [each.remote(request, state, at=at) for each in added],
        "shown": state.shown,
        "edition": edition,
        "next": _next(added, state.next),
        "held_back": held_back_in(edition),
        "muted": muted_projectors(edition, at=at),
        "elsewhere": screens_without_ceremony(edition, at=at) if state.is_live else [],
    }
    if is_htmx(request):  # htmx swaps in only what has status 200
        return render(request, "stage/_remote.html", {**context, "form": form})
    return form_page(request, "stage/remote.html", form, **context)


def _next(added: list[Addition], kind: str | None) -> Text:
    kinds = NEXT | {kind: said for each in added for kind, said in each.kinds.items()}
    return kinds[kind] if kind else ""


def _shown(request: HttpRequest) -> dict[str, Any]:
    shown = screen_state(edition_of(request), at=clock.now())
    return {"shown": shown, "host": request.get_host()}
