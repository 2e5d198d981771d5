from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.accounts.second_factor import fresh_proof
from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.forms import ConfirmForm
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.views.setup import for_organizers
from judging.ceremony.exports import PRIZES, prizes_of
from judging.ceremony.selectors.results import published_results
from judging.ceremony.selectors.screens import ceremony_is_unfinished
from judging.ceremony.services import publication as services
from judging.deliberation.selectors.publication import publication_states


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
@fresh_proof
def publish(request: Request, edition: Edition) -> HttpResponse:
    now = clock.now()
    results = published_results(edition, at=now)
    if results is not None and (
        file := exported(request, f"palmares-{edition.slug}", PRIZES, lambda: prizes_of(results))
    ):
        return file
    form = ConfirmForm(_("Tout le monde peut voir les résultats dès maintenant."), posted(request))
    if accepted(form, lambda: services.publish(edition=edition, by=request.user, at=now)):
        messages.success(request, _("Les résultats sont publiés."))
        if edition.is_current:
            return redirect("judging:palmares")
        return redirect("judging:publish", edition.slug)
    states = publication_states(edition)
    return form_page(
        request,
        "judging/ceremony/publish.html",
        form,
        managed=edition,
        states=states,
        still_open=[state for state in states if state.deliberation is None],
        published=results_are_public(edition, at=now),
        unfinished=ceremony_is_unfinished(edition),
        results=results,
    )
