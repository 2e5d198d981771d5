from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.accounts.second_factor import fresh_proof
from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.views.setup import for_organizers
from judging.ceremony.exports import PRIZES, prizes_of
from judging.ceremony.forms import DepartmentResultsForm, PublishForm
from judging.ceremony.rules import act_on
from judging.ceremony.selectors.results import held_back_in, people_of, published_results
from judging.ceremony.selectors.screens import ceremony_is_unfinished
from judging.ceremony.services import publication as services
from judging.deliberation.selectors.publication import publication_states
from judging.enums import PublicationAct
from judging.jury.selectors import get_department_for, is_decided

DONE = {
    PublicationAct.HOLD_BACK: _("%(name)s : les résultats paraîtront plus tard."),
    PublicationAct.TAKE_BACK: _("%(name)s : les résultats paraîtront avec les autres."),
    PublicationAct.PUBLISH: _("%(name)s : les résultats sont publiés."),
}


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
    form = PublishForm(posted(request))
    if accepted(
        form,
        lambda: services.publish(
            edition=edition,
            without=form.cleaned_data["without"].split(),
            by=request.user,
            at=now,
        ),
    ):
        messages.success(request, gettext("Les résultats sont publiés."))
        if edition.is_current:
            return redirect("judging:palmares")
        return redirect("judging:publish", edition.slug)
    states = publication_states(edition)
    due = [state for state in states if not state.department.held_back_at]
    return form_page(
        request,
        "judging/ceremony/publish.html",
        form,
        managed=edition,
        states=states,
        still_open=[state.department for state in due if state.deliberation is None],
        held_back=held_back_in(edition),
        published=results_are_public(edition, at=now),
        unfinished=ceremony_is_unfinished(edition),
        results=results,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof
def department(request: Request, pk: int) -> HttpResponse:
    """Hold its results back, or publish them after the others."""
    department, now = get_department_for(request.user, pk), clock.now()
    act = act_on(department, at=now)
    form = DepartmentResultsForm(posted(request), act=act)
    call: dict[str, Any] = {"department": department, "by": request.user, "at": now}
    if accepted(form, lambda: services.ACTS[form.cleaned_data["act"]](**call)):
        messages.success(request, DONE[form.cleaned_data["act"]] % {"name": department.name})
        return redirect("judging:publish", department.edition.slug)
    if act is None:  # its results are public
        return redirect("judging:publish", department.edition.slug)
    return form_page(
        request,
        "judging/ceremony/department_results.html",
        form,
        managed=department.edition,
        department=department,
        act=act,
        decided=is_decided(department),
        people=people_of(department),
    )
