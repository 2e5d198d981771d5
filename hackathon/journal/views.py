from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core.csv_files import csv_file
from hackathon.core.views import Request, current_edition
from hackathon.editions.models import Edition
from hackathon.editions.views.setup import for_organizers
from hackathon.journal import selectors
from hackathon.journal.forms import JournalFilterForm

PER_PAGE = 100


@login_required
def current(request: Request) -> HttpResponseBase:
    return index(request, slug=current_edition(request).slug)


@never_cache
@require_safe
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    form = JournalFilterForm(request.GET)
    paginator = Paginator(selectors.entries(edition, form.wanted), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "managed": edition,
        "tab": "journal",
        "form": form,
        "page": page,
        "lines": selectors.lines(edition, page.object_list),
    }
    return render(request, "journal/journal.html", context)


@never_cache
@require_safe
@for_organizers
def export(request: Request, edition: Edition) -> HttpResponse:
    form = JournalFilterForm(request.GET)
    header = [_("Instant"), _("Qui"), _("Acte"), _("Phrase"), _("Équipe"), _("Département")]
    rows = (
        (
            line.at.astimezone(edition.zone).strftime("%Y-%m-%d %H:%M:%S"),
            line.who,
            line.group,
            line.text,
            line.team,
            line.department,
        )
        for line in selectors.lines(edition, selectors.entries(edition, form.wanted))
    )
    response = HttpResponse(csv_file(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journal-{edition.slug}.csv"'
    return response
