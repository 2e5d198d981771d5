"""The public page, and where somebody lands."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hackathon import roles
from hackathon.announcements import selectors
from hackathon.core import clock
from hackathon.core.views import edition_of
from hackathon.editions.models import Edition
from hackathon.site import navigation
from submissions.board import board
from submissions.seals.selectors import last_seal


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public page: what the day is, how far it is, who has handed in what."""
    edition = edition_of(request)
    context: dict[str, Any] = {}
    if edition is not None:
        context = {"board": board(edition), "is_before": _is_before(edition)}
        context["announcements"] = selectors.public_announcements(edition, limit=3, at=clock.now())
        if _is_over(edition):
            context["seal"] = last_seal(edition)
    return render(request, "site/home.html", context)


@require_safe
def facade(request: HttpRequest) -> HttpResponse:
    """The public page's windows, fetched again when one lights up."""
    edition = edition_of(request)
    context: dict[str, Any] = {}
    if edition is not None:
        context = {"board": board(edition), "is_before": _is_before(edition)}
    return render(request, "site/_facade.html", context)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody lands after signing in."""
    edition = edition_of(request)
    if edition is None:
        return redirect("home")
    return redirect(navigation.start(roles.roles_on(request)))


def _is_before(edition: Edition) -> bool:
    """Whether the launch is still to come: nothing can have been handed in."""
    return clock.now() < edition.starts_at


def _is_over(edition: Edition) -> bool:
    """Whether the deadline has passed: what counts is being sealed, or has been."""
    return clock.now() > edition.deadline_at
