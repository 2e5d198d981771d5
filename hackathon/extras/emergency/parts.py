"""What pages of the core show."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Edition
from hackathon.event.roles import roles_of_request
from hackathon.extras.emergency import selectors


def foot(request: HttpRequest, _edition: Edition) -> str:
    """A query only after a message about it."""
    return render_to_string("emergency/_foot_place.html", {}, request)


def button(request: HttpRequest, _edition: Edition) -> str:
    return render_to_string("emergency/_button.html", {}, request)


def answering(request: HttpRequest, edition: Edition) -> str:
    """For those who answer. One query at most."""
    context = {}
    if request.user.is_authenticated:
        context["answers"] = selectors.answers(request.user, roles_of_request(request), edition)
    return render_to_string("emergency/_button.html", context, request)


def attention(request: HttpRequest, edition: Edition) -> str:
    """Open ones. Who only reads does not see them."""
    if request.user.is_anonymous or request.user.granted_as == ColleagueRole.READER:
        return ""
    emergencies = selectors.shared_open(edition)
    if not emergencies:
        return ""
    return render_to_string("emergency/_attention.html", {"emergencies": emergencies}, request)


def sheet(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("emergency/_sheet.html", {"managed": edition}, request)
