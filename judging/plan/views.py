"""Who reads whom, by the organizers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.core import clock
from hackathon.core.views import Request, accepted, form_page, perform, posted
from judging.jury import selectors as jury_selectors
from judging.plan import advice as plan_words
from judging.plan import selectors
from judging.plan import services as assignments
from judging.plan.forms import PairForm

# What a button does, and what is said then.
ACTS: dict[str, tuple[Callable[..., Any], Promise]] = {
    "plan": (assignments.plan, _("Plan établi : chaque juré trouve ses équipes dans son ordre.")),
    "mend": (assignments.plan, _("Plan réparé.")),
    "redraw": (assignments.redraw, _("Autre tirage : le plan est nouveau.")),
    "drop": (assignments.drop, _("Plus de plan : chaque juré lit toutes les équipes.")),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: Request, pk: int) -> HttpResponse:
    """Every juror's share and every team's readers, what is short and what to do about it; the
    form gives a juror a team on top.
    """
    department = jury_selectors.get_department_for(request.user, pk)
    plan = selectors.plan_of(department)
    jurors = [line.juror for line in plan.jurors]
    form = PairForm(jurors, [line.team for line in plan.teams], posted(request))
    if accepted(
        form, lambda: assignments.give(**form.cleaned_data, by=request.user, at=clock.now())
    ):
        messages.success(request, _("Enregistré."))
        return redirect("judging:plan", department.pk)
    context = {
        "department": department,
        "plan": plan,
        "said": plan_words.sentences(plan),
        "short": [(line, plan_words.advice(line)) for line in plan.short],
    }
    return form_page(request, "judging/plan.html", form, **context)


@login_required
@require_POST
def change(request: Request, pk: int) -> HttpResponse:
    """`do`: plan, mend, redraw or drop."""
    department = jury_selectors.get_department_for(request.user, pk)
    to = reverse("judging:plan", args=[department.pk])
    serve, done = ACTS.get(request.POST.get("do", ""), (None, ""))
    if serve is None:
        return redirect(to)
    return perform(
        request,
        lambda: serve(department=department, by=request.user, at=clock.now()),
        done=str(done),
        to=to,
    )
