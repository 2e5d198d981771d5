from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.event.roles import roles_of_request
from hackathon.extras.running_order import selectors


def link(request: HttpRequest, _edition: Edition) -> str:
    """No query."""
    shown = selectors.is_shown_to(roles_of_request(request))
    return render_to_string("running_order/_link.html", {}, request) if shown else ""


def late(request: HttpRequest, edition: Edition) -> str:
    """No query until a message about them."""
    steps = selectors.late_steps(edition, at=clock.now())
    context = {"steps": steps}
    return render_to_string("running_order/_late.html", context, request) if steps else ""
