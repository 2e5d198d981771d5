from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hackathon.base.core.views import Request
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.printing import selectors, sheets
from hackathon.event.printing.answers import asked_department, sheet_answer
from teams.forms.organizers import FilterForm
from teams.selectors import listing

LOOPBACK = ("localhost", "127.0.0.1", "::1", None)


@require_safe
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    teams, without_room = selectors.counts(edition)
    prefetch_related_objects([edition], "departments")  # for each card
    context = {
        "managed": edition,
        "departments": edition.departments.all(),
        "teams": teams,
        "without_room": without_room,
        "site_url": settings.SITE_URL,
        "opens_here_only": urlsplit(settings.SITE_URL).hostname in LOOPBACK,
    }
    return render(request, "printing/index.html", context)


@require_safe
@for_organizers
def floors(request: Request, edition: Edition) -> HttpResponseBase:
    department = asked_department(request, edition)
    pdf = sheets.floors(edition, selectors.teams_to_print(edition, department))
    return sheet_answer(request, edition, "etages", pdf, department=department)


@require_safe
@for_organizers
def teams(request: Request, edition: Edition) -> HttpResponseBase:
    """With the filters of the page of teams."""
    form = FilterForm(request.GET, edition=edition)
    pks = listing.found_pks(edition, form.wanted)
    pdf = sheets.team_list(edition, listing.teams_with_members(edition, pks))
    department = asked_department(request, edition)
    return sheet_answer(request, edition, "equipes", pdf, department=department)
