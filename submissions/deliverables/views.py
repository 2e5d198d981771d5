"""The organizers' pages: what each department asks for, and who was given more time."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.editions.models import Department
from hackathon.editions.selectors import get_organized_department
from submissions.deliverables import selectors, services
from submissions.deliverables.forms import DeliverableForm

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(["GET", "HEAD"])
@login_required
def deliverables(request: HttpRequest, pk: int) -> HttpResponse:
    """What a department asks for, in order."""
    department = get_organized_department(request.user, pk)
    context = {"department": department, "deliverables": selectors.deliverables_of(department)}
    return render(request, "submissions/deliverables.html", context)


@require_http_methods(PAGE)
@login_required
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """One more deliverable of a department."""
    department = get_organized_department(request.user, pk)
    form = DeliverableForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        services.save(department, **form.values, by=_person(request), at=clock.now())

    return _saved(request, form, save, department, {"deliverable": None})


@require_http_methods(PAGE)
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a deliverable; what teams have handed in stays as it is."""
    deliverable = selectors.get_organized_deliverable(request.user, pk)
    department = deliverable.department
    form = DeliverableForm(
        request.POST if request.method == "POST" else None,
        initial=DeliverableForm.initial_of(deliverable),
    )

    def save() -> None:
        services.save(
            department,
            deliverable=deliverable,
            **form.values,
            by=_person(request),
            at=clock.now(),
        )

    return _saved(request, form, save, department, {"deliverable": deliverable})


@require_POST
@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up (`direction=up`) or down."""
    deliverable = selectors.get_organized_deliverable(request.user, pk)
    up = request.POST.get("direction") == "up"
    services.move(deliverable, up=up, by=_person(request), at=clock.now())
    return redirect("submissions:deliverables", deliverable.department_id)


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for it no more."""
    deliverable = selectors.get_organized_deliverable(request.user, pk)
    name, department_pk = deliverable.name, deliverable.department_id
    try:
        services.delete(deliverable, by=_person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        messages.success(request, _("« %(name)s » n’est plus demandé.") % {"name": name})
    return redirect("submissions:deliverables", department_pk)


def _saved(
    request: HttpRequest,
    form: Form,
    save: Callable[[], None],
    department: Department,
    context: dict[str, Any],
) -> HttpResponse:
    """Save what is valid and go back to the list, or show the form with what it says."""
    if form.is_valid():
        try:
            save()
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            messages.success(request, _("Les livrables sont à jour."))
            return redirect(reverse("submissions:deliverables", args=[department.pk]))
    context = {"form": form, "department": department, **context}
    code = 422 if form.errors else 200
    return render(request, "submissions/deliverable_form.html", context, status=code)


def _person(request: HttpRequest) -> Any:
    """Who acts; `login_required` has seen to it that it is somebody."""
    return request.user
