from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import perform
from hackathon.extras.public_demo import parts, services
from hackathon.extras.public_demo.enums import MOMENTS, Role

# In the session of a visitor: the account they had for each role.
MINE = "public_demo"


def only_in_demo(
    view: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if not settings.PUBLIC_DEMO:
            raise Http404
        return view(request)

    return checked


@require_safe
@only_in_demo
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "public_demo/index.html", parts.facts_with_roles())


@require_POST
@only_in_demo
def enter(request: HttpRequest) -> HttpResponse:
    """Signed in by one tap."""
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Http404
    mine = request.session.get(MINE, {})
    user = services.account_for(Role(role), mine, at=clock.now())
    if user is None:
        text = _("Un visiteur a retiré ce rôle à tout le monde. Remettez la démonstration à zéro.")
        messages.error(request, text)
        return redirect("public_demo:reset")
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[MINE] = {**mine, role: user.pk}
    return redirect("site:start")


@require_http_methods(["GET", "HEAD", "POST"])
@only_in_demo
def reset(request: HttpRequest) -> HttpResponse:
    """The question, and the answer."""
    if request.method != "POST":
        return render(request, "public_demo/reset.html", {**parts.facts(), "moments": MOMENTS})
    moment = request.POST.get("moment", "")
    return perform(
        request,
        lambda: services.ask_for_reset(moment, at=clock.now()),
        done="",
        to="public_demo:index",
    )
