from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.core.views import Request, edition_of
from hackathon.editions.selectors import organized_edition
from hackathon.operations.selectors import health as health_of


@login_required
@require_safe
def health(request: Request) -> HttpResponse:
    """A part of the control room, which fetches it after itself: Redis may take a second."""
    organized_edition(request.user, edition_of(request))
    return render(request, "operations/_health.html", {"health": health_of(at=clock.now())})
