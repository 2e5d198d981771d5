from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.event.editions.models import Edition


def student(request: HttpRequest, _edition: Edition) -> str:
    return render_to_string("passages/_student.html", {}, request)


def screen(request: HttpRequest, _edition: Edition) -> str:
    """What shows decks. Projectors with a key load them."""
    key = request.resolver_match.kwargs.get("key") if request.resolver_match else None
    return render_to_string("passages/_screen.html", {"key": key}, request) if key else ""
