from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.core import clock
from hackathon.core.views import Request, accepted, form_page, perform, posted
from judging.jury.selectors import criteria_of, get_criterion_of, get_department_for
from judging.setup.forms import CriterionForm
from judging.setup.services import criteria
from judging.setup.views.overview import setup_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    position = 1 + max((c.position for c in criteria_of(department)), default=0)
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
    return form_page(request, "judging/setup/criterion.html", form, department=department)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int, criterion_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    criterion = get_criterion_of(department, criterion_pk)
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
