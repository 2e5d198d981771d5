from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.extras.running_order import selectors


def late(request: HttpRequest, edition: Edition) -> str:
    """No query until a message about them."""
    steps = selectors.late_steps(edition, at=clock.now())
    context = {"steps": steps}
    return render_to_string("running_order/_late.html", context, request) if steps else ""
