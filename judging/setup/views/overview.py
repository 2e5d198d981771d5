"""A jury's set-up, by the organizers: how it works, and what is marked on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.core import clock
from hackathon.core.views import Request, accepted, form_page, perform, posted
from hackathon.editions.models import Department
from judging.jury import selectors as jury_selectors
from judging.plan import selectors as plan_selectors
from judging.setup.forms import CriterionForm, RulesForm
from judging.setup.services import criteria, method


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: Request, pk: int) -> HttpResponse:
    """All there is to prepare about a department's jury; its rules are the form."""
    department = jury_selectors.get_department_for(request.user, pk)
    plan = plan_selectors.plan_of(department)
    form = RulesForm(plan.rules, posted(request), begun=plan.begun)
    if accepted(
        form,
        lambda: method.choose(
            department=department, **form.cleaned_data, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("Règles du jury enregistrées."))
        return redirect(setup_of(department))
    found = jury_selectors.criteria_of(department)
    weight = sum(criterion.weight for criterion in found)
    jurors = jury_selectors.jurors_of(department)
    context = {
        "department": department,
        "criteria": [(criterion, 100 * criterion.weight / weight) for criterion in found],
        "jurors": jurors,
        "has_president": any(j.is_president and j.left_at is None for j in jurors),
        "recusals": jury_selectors.recusals_of(department),
        "plan": plan,
        "begun": plan.begun,
        "locked": plan.locked,
    }
    return form_page(request, "judging/setup.html", form, **context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create_criterion(request: Request, pk: int) -> HttpResponse:
    """One more criterion, after the others."""
    department = jury_selectors.get_department_for(request.user, pk)
    position = 1 + max((c.position for c in jury_selectors.criteria_of(department)), default=0)
    form = CriterionForm(posted(request))
    if accepted(
        form,
        lambda: criteria.save(
            department=department,
            **form.cleaned_data,
            position=position,
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Critère ajouté."))
        return redirect(setup_of(department))
    return form_page(request, "judging/criterion.html", form, department=department)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_criterion(request: Request, pk: int, criterion_pk: int) -> HttpResponse:
    """Change a criterion."""
    department = jury_selectors.get_department_for(request.user, pk)
    criterion = jury_selectors.get_criterion_of(department, criterion_pk)
    form = CriterionForm(posted(request), instance=criterion)
    if accepted(
        form,
        lambda: criteria.save(
            department=department,
            criterion=criterion,
            **form.cleaned_data,
            position=criterion.position,
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Critère enregistré."))
        return redirect(setup_of(department))
    context = {"department": department, "criterion": criterion}
    return form_page(request, "judging/criterion.html", form, **context)


@login_required
@require_POST
def delete_criterion(request: Request, pk: int, criterion_pk: int) -> HttpResponse:
    """Take a criterion away."""
    department = jury_selectors.get_department_for(request.user, pk)
    criterion = jury_selectors.get_criterion_of(department, criterion_pk)
    return perform(
        request,
        lambda: criteria.delete(criterion=criterion, by=request.user, at=clock.now()),
        done=_("Critère supprimé."),
        to=setup_of(department),
    )


@login_required
@require_POST
def move_criterion(request: Request, pk: int, criterion_pk: int) -> HttpResponse:
    """One place up (`direction=up`) or down."""
    department = jury_selectors.get_department_for(request.user, pk)
    criterion = jury_selectors.get_criterion_of(department, criterion_pk)
    up = request.POST.get("direction") == "up"
    return perform(
        request,
        lambda: criteria.move(criterion=criterion, up=up, by=request.user, at=clock.now()),
        done="",
        to=setup_of(department) + "#criteria",
    )


def setup_of(department: Department) -> str:
    """Where its jury is set up."""
    return reverse("judging:setup", args=[department.pk])
