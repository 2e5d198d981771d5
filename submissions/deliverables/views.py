from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.moves import to_confirm
from hackathon.event.editions.selectors import get_organized_department
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.editions.views.tables import DepartmentTable, Stored, department_table
from submissions.deliverables import selectors, services
from submissions.deliverables.forms import DeliverableForm, DeliverableRow, EditDeliverableForm
from submissions.models import Deliverable


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def table(request: Request, edition: Edition) -> HttpResponse:
    return department_table(request, edition, TABLE)


def _stored(edition: Edition) -> Stored:
    return {
        pk: {deliverable.pk: DeliverableRow.stored(deliverable) for deliverable in rows}
        for pk, rows in selectors.deliverables_by_department(edition).items()
    }


TABLE = DepartmentTable(
    name="submissions:deliverables-table",
    title=gettext_lazy("Livrables"),
    intro=gettext_lazy(
        "Ce que chaque département rend. Une ligne vide n’est pas enregistrée."
        " Sans heure limite à lui, un livrable a celle de l’édition."
    ),
    form=DeliverableRow,
    stored=_stored,
    save=services.save_table,
    preview=selectors.preview_table,
    page=lambda department: reverse("submissions:deliverables", args=[department.pk]),
    cells=DeliverableForm.REFUSAL_FIELDS,
)


@require_safe
@login_required
def deliverables(request: Request, pk: int) -> HttpResponse:
    department = get_organized_department(request.user, pk)
    context = {"department": department, "deliverables": selectors.deliverables_of(department)}
    with timezone.override(department.edition.zone):
        return render(request, "submissions/deliverables/deliverables.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create(request: Request, pk: int) -> HttpResponse:
    department = get_organized_department(request.user, pk)
    return _save(request, DeliverableForm(posted(request)), department, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: Request, pk: int) -> HttpResponse:
    deliverable = selectors.get_organized_deliverable(request.user, pk)
    form = EditDeliverableForm(posted(request), initial=DeliverableForm.initial_of(deliverable))
    return _save(request, form, deliverable.department, deliverable)


@require_POST
@login_required
def move(request: Request, pk: int) -> HttpResponse:
    """One place up (`direction=up`) or down."""
    deliverable = selectors.get_organized_deliverable(request.user, pk)
    up = request.POST.get("direction") == "up"
    services.move(deliverable, up=up, by=request.user, at=clock.now())
    return redirect("submissions:deliverables", deliverable.department_id)


@require_POST
@login_required
def delete(request: Request, pk: int) -> HttpResponse:
    deliverable = selectors.get_organized_deliverable(request.user, pk)
    return perform(
        request,
        lambda: services.delete(deliverable, by=request.user, at=clock.now()),
        done=_("« %(name)s » n’est plus demandé.") % {"name": deliverable.name},
        to=reverse("submissions:deliverables", args=[deliverable.department_id]),
    )


def _save(
    request: Request,
    form: DeliverableForm,
    department: Department,
    deliverable: Deliverable | None,
) -> HttpResponse:
    edition, at = department.edition, clock.now()
    context = {"department": department, "deliverable": deliverable}
    page = "submissions/deliverables/deliverable_form.html"

    def save() -> None:
        services.save(department, deliverable=deliverable, **form.values, by=request.user, at=at)

    with timezone.override(edition.zone):
        if form.is_bound and form.is_valid():
            due_at = form.cleaned_data["due_at"]
            move = selectors.preview_deadline(department, deliverable, due_at, at=at)
            if to_confirm(move, edition, request.POST.get("confirmed", ""), at=at):
                return render(request, page, context | {"form": form, "move": move})
        if accepted(form, save):
            messages.success(request, _("Les livrables sont à jour."))
            return redirect("submissions:deliverables", department.pk)
        return form_page(request, page, form, **context)
