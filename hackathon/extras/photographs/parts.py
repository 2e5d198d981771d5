"""What pages of the core show of the photographs."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.extras.photographs import selectors
from teams.own import own_membership

FOR_PRESS = 12


def own_question(request: HttpRequest, _edition: Edition | None) -> str:
    """One query for a member of a team."""
    membership = own_membership(request)
    if membership is None:
        return ""
    answer = selectors.answer_of(membership.edition, membership.user)
    return render_to_string("photographs/_own.html", {"answer": answer}, request)


def on_home(request: HttpRequest, _edition: Edition) -> str:
    return render_to_string("photographs/_home_place.html", {}, request)


def for_press(request: HttpRequest, edition: Edition) -> str:
    found = selectors.public_photographs(edition, at=clock.now())[:FOR_PRESS]
    context = {"photographs": found, "published": edition}
    return render_to_string("photographs/_press.html", context, request)


def sheet(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("photographs/_sheet.html", {"managed": edition}, request)
