"""What projectors and pages of the core show of the scene."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from hackathon.base.core import clock
from hackathon.base.core.qr import drawn
from hackathon.base.live.fragments import once
from hackathon.day.stage.models import Projector
from hackathon.event.editions.models import Edition
from hackathon.extras.brief_scene import selectors

# What `prepared` is read from.
SHOWS = "projector brief client edition"


def waiting(request: HttpRequest, edition: Edition, projector: Projector | None) -> str:
    """Only computers that have a key get to know the instant of the briefs."""
    instant = selectors.instant_of(edition) if projector else None
    return render_to_string("brief_scene/_waiting.html", {"brief_instant": instant}, request)


def screen(request: HttpRequest, _edition: Edition) -> str:
    """Client and titles, and on a projector with a name what covers them."""
    return render_to_string("brief_scene/_screen.html", {"key": _argument(request, "key")}, request)


def control(request: HttpRequest, edition: Edition) -> str:
    """Two queries until a message about what the scene is made of."""
    known = once(edition, "brief scene", selectors.prepared, SHOWS)
    context = {"readiness": selectors.readiness(edition, known, at=clock.now())}
    return render_to_string("brief_scene/_control.html", context, request)


def projectors(request: HttpRequest, edition: Edition) -> str:
    """On the page of one projector also the address for « salle prête »."""
    readiness = selectors.readiness(edition, at=clock.now())
    pk = _argument(request, "pk")
    found = [line.projector for line in readiness.projectors if line.projector.pk == pk]
    context: dict[str, object] = {"readiness": readiness, "managed": edition}
    for projector in found:
        path = reverse("brief_scene:room-ready", args=[projector.ready_key])
        ready = request.build_absolute_uri(path)
        context |= {"projector": projector, "ready_address": ready, "ready_code": drawn(ready)}
    return render_to_string("brief_scene/_projectors.html", context, request)


def _argument(request: HttpRequest, name: str) -> object:
    return request.resolver_match.kwargs.get(name) if request.resolver_match else None
