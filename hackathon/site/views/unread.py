"""Announcements: everybody's list, the organizers' forms, and what was read."""

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from hackathon import roles as navigation
from hackathon.core import clock
from hackathon.core.views import edition_of
from hackathon.site import unread


@login_required
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The navigation's figures, for pages that have been open for a while."""
    roles, at = navigation.roles_on(request), clock.now()
    found = unread.unread_of(roles, request.user, edition_of(request), at=at)
    return JsonResponse(asdict(found), headers={"Cache-Control": "no-store"})
