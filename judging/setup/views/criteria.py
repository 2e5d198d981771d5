from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.editions.views.tables import DepartmentTable, department_table, stored_rows
from judging.jury.selectors import (
    criteria_by_department,
    departments_with_marks,
    get_criterion_of,
    get_department_for,
)
from judging.models import Criterion
from judging.setup.forms import CriterionForm, CriterionRow, EditCriterionForm
from judging.setup.services import criteria
from judging.setup.views.overview import setup_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def table(request: Request, edition: Edition) -> HttpResponse:
    return department_table(request, edition, TABLE)


TABLE = DepartmentTable(
    name="judging:criteria-table",
    title=gettext_lazy("Critères"),
    intro=gettext_lazy(
        "Ce que chaque jury note. Une ligne vide n’est pas enregistrée."
        " Une note de coefficient 3 compte trois fois."
    ),
    form=CriterionRow,
    stored=lambda edition: stored_rows(
        CriterionRow.base_fields, criteria_by_department(edition, Criterion)
    ),
    save=criteria.save_table,
    page=setup_of,
    closed=departments_with_marks,
    closed_text=gettext_lazy("La notation a commencé : les critères ne changent plus ici."),
    rows=6,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    form = CriterionForm(posted(request))
    if accepted(
        form,
        lambda: criteria.save(
            department=department,
            **form.cleaned_data,
            position=criteria.next_position(department),
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Critère ajouté."))
        return redirect(setup_of(department))
    return form_page(request, "judging/setup/criterion.html", form, department=department)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int, criterion_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    criterion = get_criterion_of(department, criterion_pk)
    form = EditCriterionForm(posted(request), instance=criterion)
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
    return form_page(request, "judging/setup/criterion.html", form, **context)


@login_required
@require_POST
def delete(request: Request, pk: int, criterion_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    criterion = get_criterion_of(department, criterion_pk)
    return perform(
        request,
        lambda: criteria.delete(criterion=criterion, by=request.user, at=clock.now()),
        done=_("Critère supprimé."),
        to=setup_of(department),
    )


@login_required
@require_POST
def move(request: Request, pk: int, criterion_pk: int) -> HttpResponse:
    """Posts `direction=up` or `down`."""
    department = get_department_for(request.user, pk)
    criterion = get_criterion_of(department, criterion_pk)
    up = request.POST.get("direction") == "up"
    return perform(
        request,
        lambda: criteria.move(criterion=criterion, up=up, by=request.user, at=clock.now()),
        done="",
        to=setup_of(department) + "#criteria",
    )
