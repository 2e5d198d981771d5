from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.editions.models import Edition
from hackathon.extras.favourite import selectors


def hall_badges(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("favourite/_hall_badges.html", {"managed": edition}, request)


def still_open(request: HttpRequest, edition: Edition) -> str:
    """For the remote. One query."""
    if not selectors.is_open(edition):
        return ""
    return render_to_string("favourite/_still_open.html", {"managed": edition}, request)
