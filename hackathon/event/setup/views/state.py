from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hackathon.base.accounts.second_factor import fresh_proof
from hackathon.base.core import clock
from hackathon.base.core.metrics import open_sockets
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions import rules
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services import editions
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.setup import selectors
from hackathon.event.setup.enums import StateChange
from hackathon.event.setup.forms import StateForm
from hackathon.event.setup.services import deletion


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
@fresh_proof
def state(request: Request, edition: Edition) -> HttpResponse:
    """Who sees the edition: show, hide, archive, delete."""
    form = StateForm(posted(request))

    def change() -> None:
        act: dict[str, Any] = {"edition": edition, "by": request.user, "at": clock.now()}
        act["typed"] = form.cleaned_data["typed"]
        match form.cleaned_data["do"]:
            case StateChange.SHOW:
                editions.show(**act)
            case StateChange.DELETE:
                deletion.delete(**act)
            case change:
                editions.hide(archived=change == StateChange.ARCHIVE, **act)

    if not accepted(form, change):
        return form_page(request, "setup/state.html", form, **_context(request, edition))
    done = {
        StateChange.SHOW: _("« %(edition)s » est maintenant l’édition affichée."),
        StateChange.HIDE: _("« %(edition)s » est un brouillon : seule l’organisation la voit."),
        StateChange.ARCHIVE: _("« %(edition)s » est archivée."),
        StateChange.DELETE: _("« %(edition)s » est supprimée."),
    }
    change_made = StateChange(form.cleaned_data["do"])
    messages.success(request, done[change_made] % {"edition": edition})
    if change_made == StateChange.DELETE:
        return redirect("editions:list")
    return redirect("setup:edition", edition.slug)


def _context(request: Request, edition: Edition) -> dict[str, Any]:
    now, shown = clock.now(), Edition.objects.current()
    return {
        "managed": edition,
        "shown": shown,
        "shown_runs": shown is not None and rules.is_running(shown, at=now),
        "may_replace": shown is None or is_organizer(request.user, shown),
        "before": shown and selectors.contents_of(shown),
        "contents": selectors.contents_of(edition),
        "open_pages": open_sockets(),
        "opens_at_once": edition.registration_opens_at <= now <= edition.registration_closes_at,
    }
