from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, edition_of
from hackathon.day.site.navigation import FOR_ORGANIZERS, WITHOUT_ROLE, start_page
from hackathon.event.editions.selectors import may_create_editions
from hackathon.event.roles import roles_of_request
from judging.ceremony.selectors.editions import has_other_published
from submissions.board import board


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Without JavaScript, `?open=` unfolds a department of a large edition."""
    context = _facade(request) if "open" in request.GET else {}
    if edition_of(request) is None:  # otherwise a fragment says it
        context["has_others"] = has_other_published(None, at=clock.now())
    return render(request, "site/home.html", context)


@require_safe
def facade(request: HttpRequest) -> HttpResponse:
    """With `?open=` one department, unfolded."""
    context = _facade(request)
    lines = context["board"].lines if context else []
    line = next((line for line in lines if line.department.code == context["opened"]), None)
    if line is None:
        return render(request, "site/_facade.html", context)
    return render(request, "site/_facade_block.html", {**context, "line": line})


@login_required
@require_safe
def start(request: Request) -> HttpResponse:
    user = request.user
    if edition_of(request) is None:
        organizes = may_create_editions(user) or user.is_held_back
        return redirect("editions:list" if organizes else "home")
    page = start_page(roles_of_request(request))
    if page == WITHOUT_ROLE and user.is_held_back:
        page = FOR_ORGANIZERS
    return redirect(page)


def _facade(request: HttpRequest) -> dict[str, Any]:
    edition = edition_of(request)
    if edition is None:
        return {}
    return {
        "board": board(edition),
        "opened": request.GET.get("open", ""),
        "is_before": clock.now() < edition.starts_at,
    }
