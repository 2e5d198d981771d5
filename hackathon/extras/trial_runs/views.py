from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.trial_runs import selectors, services
from hackathon.extras.trial_runs.forms import RehearsalForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def small(request: Request, edition: Edition) -> HttpResponse:
    at = clock.now()
    form = RehearsalForm(posted(request))
    if accepted(form, lambda: services.begin(edition=edition, by=request.user, at=at)):
        return redirect("trial_runs:small", edition.slug)
    return form_page(
        request,
        "trial_runs/small.html",
        form,
        managed=edition,
        rehearsals=selectors.latest(edition),
        refusal=services.refusal_of(edition, at=at),
    )


@require_safe
@for_organizers
def report(_request: Request, edition: Edition, pk: int) -> HttpResponse:
    found = selectors.get_reported(edition, pk)
    name = f"repetition-{found.begun_at:%Y-%m-%d-%H%M}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found.report, headers=headers)
