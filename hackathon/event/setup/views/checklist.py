from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.preflight import Owner, Severity, checks
from hackathon.base.core.views import Request
from hackathon.event.editions import rules
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import has_departments
from hackathon.event.editions.views.setup import for_organizers


@never_cache
@require_safe
@for_organizers
def checklist(request: Request, edition: Edition) -> HttpResponse:
    """Other pages fetch its count from here."""
    now = clock.now()
    phase = rules.shown_phase(edition, has_departments=has_departments(edition), at=now)
    lines = checks(edition, at=now)
    to_do = [line for line in lines if not line.is_ok]
    mine = [problem for line in to_do if line.owner == Owner.ORGANIZER for problem in line.problems]
    context = {
        "managed": edition,
        "next": mine[0] if mine else None,
        "phase": phase,
        "awaits_awards": phase in (Phase.CLOSED, Phase.JUDGING, Phase.DELIBERATED),
        "owners": [(owner, list(of)) for owner, of in groupby(to_do, lambda line: line.owner)],
        "done": [line for line in lines if line.is_ok],
        "checked": {each.value: sum(x.severity == each for x in to_do) for each in Severity},
    }
    return render(request, "setup/checklist.html", context)
