from operator import attrgetter

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, current_edition
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.run.journal import selectors
from hackathon.run.journal.forms import JournalFilterForm

PER_PAGE = 100
COLUMNS = [
    (_("Instant"), attrgetter("at")),
    (_("Qui"), attrgetter("who")),
    (_("Acte"), attrgetter("group")),
    (_("Phrase"), attrgetter("text")),
    (_("Équipe"), attrgetter("team")),
    (_("Département"), attrgetter("department")),
]


@login_required
def current(request: Request) -> HttpResponseBase:
    return index(request, slug=current_edition(request).slug)


@never_cache
@require_safe
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    """`?export=…` gives all acts that fit, of all pages."""
    form = JournalFilterForm(request.GET)
    entries = selectors.entries(edition, form.wanted)
    if file := exported(
        request, f"journal-{edition.slug}", COLUMNS, lambda: selectors.lines(edition, entries)
    ):
        return file
    paginator = Paginator(entries, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "managed": edition,
        "form": form,
        "page": page,
        "lines": selectors.lines(edition, page.object_list),
    }
    return render(request, "journal/journal.html", context)
