from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.accounts.second_factor import fresh_proof
from hackathon.core import clock
from hackathon.core.forms import ConfirmForm
from hackathon.core.views import Request, accepted, form_page, posted
from hackathon.editions.rules import results_are_public
from hackathon.editions.selectors import organized_edition
from judging.ceremony.selectors.screens import ceremony_is_unfinished
from judging.ceremony.services import publication as services
from judging.deliberation.selectors.publication import publication_states


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof
def publish(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, request.edition)
    form = ConfirmForm(_("Tout le monde peut voir les résultats dès maintenant."), posted(request))
    now = clock.now()
    if accepted(form, lambda: services.publish(edition=edition, by=request.user, at=now)):
        messages.success(request, _("Les résultats sont publiés."))
        return redirect("judging:palmares")
    states = publication_states(edition)
    return form_page(
        request,
        "judging/ceremony/publish.html",
        form,
        states=states,
        still_open=[state for state in states if state.deliberation is None],
        published=results_are_public(edition, at=now),
        unfinished=ceremony_is_unfinished(edition),
    )
