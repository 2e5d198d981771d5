from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, edition_of
from hackathon.day.site.unread import unread_of
from hackathon.event.roles import roles_of_request


@login_required
@require_safe
def counts(request: Request) -> HttpResponse:
    roles = roles_of_request(request)
    live = getattr(request, "live", None)
    unread = unread_of(request.user, roles, edition_of(request), live, at=clock.now())
    response = render(request, "site/counts.html", {"unread": unread})
    response["Cache-Control"] = "no-store"
    return response
