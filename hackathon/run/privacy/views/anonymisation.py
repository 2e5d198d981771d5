from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hackathon.base.accounts.second_factor import fresh_proof
from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.run.privacy import rules, selectors
from hackathon.run.privacy.forms import PlanForm
from hackathon.run.privacy.services import anonymisation


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
@fresh_proof
def index(request: Request, edition: Edition) -> HttpResponse:
    """Requests for erasure, and when the edition is anonymised."""
    planned = selectors.anonymisation_of(edition)
    due_at = rules.due_date(edition, planned.due_at)
    initial = {"due_at": due_at, "with_pictures": planned.with_pictures}
    form = PlanForm(posted(request), initial=initial)
    if accepted(
        form,
        lambda: anonymisation.plan(
            edition=edition, by=request.user, at=clock.now(), **form.arguments()
        ),
    ):
        messages.success(request, _("Date enregistrée."))
        return redirect("privacy:index", edition.slug)
    context = {
        "managed": edition,
        "requests": selectors.open_requests(edition),
        "planned": planned,
        "due_at": due_at,
        "usual_at": rules.usual_date(edition),
        "preview": selectors.preview(edition, with_pictures=planned.with_pictures),
    }
    return form_page(request, "privacy/index.html", form, **context)
