from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from judging.jury.selectors import get_department_for
from judging.plan import services as plans
from judging.plan.advice import advice_for, assessment
from judging.plan.forms import PairForm
from judging.plan.selectors import ReadingState, plan_of

PER_PAGE = 60  # teams; fewer of them in a large jury
CELLS = 1500  # of the table, about
SHORT_SHOWN = 20
# Service and success message of each button.
ACTS: dict[str, tuple[Callable[..., Any], Promise]] = {
    "plan": (plans.make, _("Plan établi : chaque juré trouve ses équipes dans son ordre.")),
    "mend": (plans.make, _("Plan réparé.")),
    "redraw": (plans.redraw, _("Autre tirage : le plan est nouveau.")),
    "drop": (plans.drop, _("Plus de plan : chaque juré lit toutes les équipes.")),
}

STATES: dict[ReadingState, Promise] = {
    ReadingState.FINAL: _("terminée"),
    ReadingState.DRAFT: _("commencée"),
    ReadingState.PLANNED: _("prévue"),
}
READINGS: Columns = [
    (_("Juré"), lambda cell: cell.juror.user.display_name),
    (_("Équipe"), lambda cell: cell.team.name),
    (_("Salle"), lambda cell: cell.team.room),
    (_("Étage"), lambda cell: cell.team.floor),
    (_("Lecture"), lambda cell: str(STATES[cell.reading])),
]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    plan = plan_of(department)
    name = f"lectures-{department.code}-{department.edition.slug}"
    cells = (cell for line in (*plan.jurors, *plan.gone) for cell in line.cells)
    if file := exported(request, name, READINGS, lambda: cells):
        return file
    jurors = [line.juror for line in plan.jurors]
    form = PairForm(jurors, [line.team for line in plan.teams], posted(request))
    if accepted(
        form, lambda: plans.add_reading(**form.cleaned_data, by=request.user, at=clock.now())
    ):
        messages.success(request, _("Enregistré."))
        return redirect("judging:plan", department.pk)
    per_page = min(PER_PAGE, max(10, CELLS // max(len(jurors), 1)))
    context = {
        "department": department,
        "plan": plan,
        "page": Paginator(plan.teams, per_page).get_page(request.GET.get("page")),
        "assessment": assessment(plan),
        "short": [(line, advice_for(line)) for line in plan.short[:SHORT_SHOWN]],
        "more_short": max(len(plan.short) - SHORT_SHOWN, 0),
    }
    return form_page(request, "judging/plan/plan.html", form, **context)


@login_required
@require_POST
def change(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    to = reverse("judging:plan", args=[department.pk])
    service, done = ACTS.get(request.POST.get("do", ""), (None, ""))
    if service is None:
        return redirect(to)
    return perform(
        request,
        lambda: service(department=department, by=request.user, at=clock.now()),
        done=str(done),
        to=to,
    )
