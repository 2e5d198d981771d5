from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.extras.student_certificates.rules import is_absent
from teams.own import own_membership

FOLDER = "student_certificates"


def sheets(request: HttpRequest, edition: Edition) -> str:
    now = clock.now()
    context = {
        "managed": edition,
        "has_begun": edition.starts_at <= now,
        "published": results_are_public(edition, at=now),
    }
    return render_to_string(f"{FOLDER}/_sheets.html", context, request)


def link_to_sheets(request: HttpRequest, edition: Edition) -> str:
    return render_to_string(f"{FOLDER}/_link_to_sheets.html", {"managed": edition}, request)


def own(request: HttpRequest, _edition: Edition) -> str:
    membership = own_membership(request)
    if membership is None or is_absent(membership):
        return ""
    return render_to_string(f"{FOLDER}/_own.html", {}, request)


def link_to_own(request: HttpRequest | None, _edition: Edition) -> str:
    """Not in the lists of results, which are the same for all: `request` is None there."""
    membership = own_membership(request) if request else None
    if membership is None or is_absent(membership):
        return ""
    return render_to_string(f"{FOLDER}/_link_to_own.html", {}, request)
