import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.errors import Refusal
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.base.core.views import posted_with_files as sent
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers, not_for_readers
from hackathon.event.printing.answers import asked_department, sheet_answer
from hackathon.event.printing.selectors import teams_to_print
from hackathon.extras.photographs import files, selectors, services, sheets
from hackathon.extras.photographs.forms import PhotographForm, UploadForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    form = UploadForm(*sent(request))

    def add() -> tuple[int, list[Refusal]]:
        pictures = form.cleaned_data["pictures"]
        return services.add(edition, pictures, by=request.user, at=clock.now())

    outcome = accepted(form, add)
    kept, refused = outcome.result if outcome else (0, [])
    if kept:
        text = ngettext("%(n)s photo ajoutée.", "%(n)s photos ajoutées.", kept)
        messages.success(request, text % {"n": kept})
    if outcome and not refused:
        return redirect("photographs:index", edition.slug)
    context = {
        "managed": edition,
        "form": UploadForm() if outcome else form,
        "refused": refused,
        "photographs": selectors.photographs_of(edition, at=clock.now()),
        "counts": selectors.counts_of(edition),
    }
    status = 422 if form.is_bound else 200
    return render(request, "photographs/index.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def edit(request: Request, edition: Edition, pk: uuid.UUID) -> HttpResponse:
    photograph = selectors.get_photograph(edition, pk)
    form = PhotographForm(posted(request), photograph=photograph, edition=edition)
    if accepted(
        form,
        lambda: services.change(
            edition=edition, pk=pk, by=request.user, at=clock.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect(f"{reverse('photographs:index', args=[edition.slug])}#photo-{pk}")
    context = {"managed": edition, "photograph": photograph}
    return form_page(request, "photographs/edit.html", form, **context)


@require_POST
@for_organizers
def remove(request: Request, edition: Edition, pk: uuid.UUID) -> HttpResponse:
    return perform(
        request,
        lambda: services.remove(edition=edition, pk=pk, by=request.user, at=clock.now()),
        done=_("La photo est supprimée."),
        to=reverse("photographs:index", args=[edition.slug]),
    )


@not_for_readers
@require_safe
@for_organizers
def picture(request: Request, edition: Edition, pk: uuid.UUID, size: str) -> HttpResponseBase:
    return files.picture(selectors.get_photograph(edition, pk), size, request)


@not_for_readers
@require_safe
@for_organizers
def sheet(request: Request, edition: Edition) -> HttpResponseBase:
    department = asked_department(request, edition)
    pdf = sheets.no_photographs(edition, teams_to_print(edition, department))
    return sheet_answer(request, edition, "pas-de-photo", pdf, department=department)
