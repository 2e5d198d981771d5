from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request
from hackathon.event.editions import rules
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.setup import selectors
from hackathon.event.setup.steps import is_ready, steps_of


@require_safe
@for_organizers
def overview(request: Request, edition: Edition) -> HttpResponse:
    now = clock.now()
    facts = selectors.facts_of(edition, at=now)
    steps = steps_of(edition, facts)
    phase = rules.shown_phase(edition, has_departments=bool(facts.departments), at=now)
    context = {
        "managed": edition,
        "phase": phase,
        "awaits_awards": phase in (Phase.CLOSED, Phase.JUDGING, Phase.DELIBERATED),
        "grace_ends_at": rules.grace_ends_at(edition),
        "steps": steps,
        "done_count": sum(not step.is_to_do for step in steps),
        "next_step": next((step for step in steps if step.is_to_do), None),
        "is_ready": is_ready(steps),
        "departments": facts.departments,
    }
    return render(request, "setup/overview.html", context)
