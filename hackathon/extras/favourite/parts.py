from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.event.editions.models import Edition


def hall_badges(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("favourite/_hall_badges.html", {"managed": edition}, request)
