from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hackathon.announcements.selectors import public_announcements
from hackathon.core import clock
from hackathon.core.views import Request, edition_of
from hackathon.roles import roles_of_request
from hackathon.site.navigation import start_page
from submissions.board import board
from submissions.seals.selectors import last_seal


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    edition, at = edition_of(request), clock.now()
    context = _facade(request)
    if edition is not None:
        context["announcements"] = public_announcements(edition, limit=3, at=at)
        if at > edition.deadline_at:
            context["seal"] = last_seal(edition)
    return render(request, "site/home.html", context)


@require_safe
def facade(request: HttpRequest) -> HttpResponse:
    return render(request, "site/_facade.html", _facade(request))


@login_required
@require_safe
def start(request: Request) -> HttpResponse:
    if edition_of(request) is None:
        return redirect("home")
    return redirect(start_page(roles_of_request(request)))


def _facade(request: HttpRequest) -> dict[str, Any]:
    edition = edition_of(request)
    if edition is None:
        return {}
    return {
        "board": board(edition),
        "opened": request.GET.get("open", ""),
        "is_before": clock.now() < edition.starts_at,
    }
