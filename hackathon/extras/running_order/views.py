from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.formats import iso_utc
from hackathon.base.core.tables import rows_formset
from hackathon.base.core.views import Request, edition_of, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.printing.answers import sheet_answer
from hackathon.event.roles import roles_of_request
from hackathon.extras.running_order import rules, selectors, services, sheets
from hackathon.extras.running_order.forms import SPARE_ROWS, StepRow

StepTable = rows_formset(StepRow, spare=SPARE_ROWS)


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    roles, at = roles_of_request(request), clock.now()
    steps = list(selectors.steps_of(selectors.seen_edition(roles, edition_of(request))))
    if roles.organizer:
        request.user.granted_as = roles.colleague
    coming = [step for step in steps if step.done_at is None]
    context = {
        "coming": [(step, rules.is_late(step, at=at)) for step in coming],
        "done": [step for step in reversed(steps) if step.done_at is not None],
        "instants": [rules.late_at(step) for step in coming],
    }
    return render(request, "running_order/index.html", context)


@login_required
@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """`undone` takes it back."""
    edition = selectors.seen_edition(roles_of_request(request), edition_of(request))
    step, done = selectors.get_step(edition, pk), "undone" not in request.POST
    return perform(
        request,
        lambda: services.tick(step=step, done=done, by=request.user, at=clock.now()),
        done="",
        to=reverse("running_order:index"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def edit(request: Request, edition: Edition) -> HttpResponse:
    steps = list(selectors.steps_of(edition))
    stored = {step.pk: _values(step) for step in steps}
    formset = StepTable(posted(request), prefix="steps", stored=stored, new={})
    if formset.is_bound and formset.is_valid():
        return perform(
            request,
            lambda: services.save_rows(edition, formset.rows(), by=request.user, at=clock.now()),
            done=_("Le déroulé est enregistré."),
            to=reverse("running_order:edit", args=[edition.slug]),
        )
    context = {"managed": edition, "steps": steps, "formset": formset}
    status = 422 if formset.is_bound else 200
    return render(request, "running_order/edit.html", context, status=status)


@require_POST
@for_organizers
def propose(request: Request, edition: Edition) -> HttpResponse:
    return perform(
        request,
        lambda: services.propose(edition, by=request.user, at=clock.now()),
        done=_("Voici un déroulé habituel : corrigez-le, et dites qui."),
        to=reverse("running_order:edit", args=[edition.slug]),
    )


@require_safe
@for_organizers
def sheet(request: Request, edition: Edition) -> HttpResponseBase:
    pdf = sheets.steps(edition, selectors.steps_of(edition))
    return sheet_answer(request, edition, "deroule", pdf, back="running_order:edit")


def _values(step: Any) -> dict[str, Any]:
    return {
        name: iso_utc(step.at) if name == "at" else getattr(step, name) for name in services.FIELDS
    }
