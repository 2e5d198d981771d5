from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, edition_of, perform
from hackathon.event.roles import roles_of_request
from hackathon.extras.presence import selectors, services
from hackathon.extras.presence.parts import own_presence


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """Where the code of a room leads, too. `?room=214`: who notes presence gets that room."""
    edition = edition_of(request)
    if request.method == "POST":
        shown = selectors.get_own_edition(request.user, edition)
        return perform(
            request,
            lambda: services.say_here(shown, by=request.user, at=clock.now()),
            done=_("C’est noté."),
            to="presence:own",
        )
    if edition is not None and selectors.ticks(roles_of_request(request), edition):
        room = request.GET.get("room", "")
        return redirect(reverse("presence:list", query={"room": room} if room else None))
    edition = selectors.get_own_edition(request.user, edition)
    return render(request, "presence/own.html", {"card": own_presence(request, edition)})


@login_required
@require_safe
def card(request: Request) -> HttpResponse:
    edition = selectors.get_own_edition(request.user, edition_of(request))
    return HttpResponse(own_presence(request, edition))
