"""The public page, and where somebody lands."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.dashboard import navigation, selectors
from hackathon.dashboard.board import board
from hackathon.editions.models import Edition
from submissions.selectors import last_seal


def edition_of(request: HttpRequest) -> Edition | None:
    """The edition that the site shows."""
    return getattr(request, "edition", None)


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
    return render(request, "dashboard/home.html", context)


@require_safe
def facade(request: HttpRequest) -> HttpResponse:
    """The public page's windows, fetched again when one lights up."""
    edition = edition_of(request)
    context: dict[str, Any] = {}
    if edition is not None:
        context = {"board": board(edition), "is_before": _is_before(edition)}
    return render(request, "dashboard/_facade.html", context)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody lands after signing in."""
    edition = edition_of(request)
    if edition is None:
        return redirect("home")
    return redirect(navigation.start(navigation.roles_on(request)))


def _is_before(edition: Edition) -> bool:
    """Whether the launch is still to come: nothing can have been handed in."""
    return clock.now() < edition.starts_at


def _is_over(edition: Edition) -> bool:
    """Whether the deadline has passed: what counts is being sealed, or has been."""
    return clock.now() > edition.deadline_at


def act_page(
    request: HttpRequest, title: str, part: str, form: Any, **context: Any
) -> HttpResponse:
    """A form of the control room: a dialog when htmx asks, a page of its own otherwise."""
    htmx = request.headers.get("HX-Request") == "true"
    context |= {"title": title, "part": f"dashboard/_{part}.html", "form": form}
    template = "dashboard/_dialog.html" if htmx else "dashboard/act.html"
    refused = form is not None and form.is_bound
    # htmx swaps what is a success; a page that comes back with its errors says so.
    return render(request, template, context, status=422 if refused and not htmx else 200)


def acted(request: HttpRequest, said: str) -> HttpResponse:
    """It is done: say so where the dialog was, or on the page one came from."""
    if request.headers.get("HX-Request") == "true":
        return render(request, "dashboard/_done.html", {"said": said})
    messages.success(request, said)
    return redirect(
        "dashboard:announcements"
        if request.POST.get("retour") == "annonces"
        else "dashboard:control"
    )
