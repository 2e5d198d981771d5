"""The block of the control room."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.base.live.fragments import once
from hackathon.day.control_room.selectors import phase_instants
from hackathon.event.editions.models import Edition
from hackathon.extras.rounds import rules, selectors


def block(request: HttpRequest, edition: Edition) -> str:
    """No query until a message about the round or its questions."""
    at = clock.now()
    check_ins = selectors.shared_check_ins(edition)
    context = {
        "unseen": once(edition, "unseen", selectors.unseen_teams, selectors.VISITS),
        "asked": rules.last_asked(check_ins, at=at),
        "planned": [check_in for check_in in check_ins if check_in.asks_at > at],
        "late": selectors.late_answers(check_ins, at=at),
        "instants": phase_instants(edition, at=at),
    }
    return render_to_string("rounds/_control.html", context, request)
