import re

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.base.core.extras import GetResponse
from hackathon.base.core.problems import unavailable
from hackathon.extras.public_demo import periodic, rules, selectors

SAFE = ("GET", "HEAD")
# What would last longer than the visit, lock others out, or put another edition in the place of
# the demonstration. Everything else a reset brings back.
CLOSED = re.compile(r"/compte/(?!$|deconnexion/|donnees/|accords/)")
UNCHANGED = re.compile(
    r"/compte/|/organisation/mentions-legales/|/organisation/editions/[^/]+/(etat|repetition)/"
)
HIDDEN = re.compile(r"/admin/|/installation/")
LOGIN = re.compile(r"/compte/connexion/")
SIGN_OUT = "/compte/deconnexion/"
AGAIN_SECONDS = 5


class PublicDemoSite:
    """One query; none if this site is no public demonstration."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PUBLIC_DEMO:
            return self.get_response(request)
        response = _waiting(request) or _closed(request) or self.get_response(request)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


def _waiting(request: HttpRequest) -> HttpResponse | None:
    """Also if the periodic task has not run."""
    demo, now = selectors.state(), clock.now()
    if rules.is_due(demo, at=now):
        enqueue(periodic.reset_if_due)
    elif not rules.is_resetting(demo, at=now):
        return None
    title = _("La démonstration se remet à zéro")
    detail = _("Elle revient dans une minute au plus, sur la page d’accueil.")
    response = unavailable(request, "resetting", title, detail)
    response.headers["Refresh"] = f"{AGAIN_SECONDS}; url=/"
    return response


def _closed(request: HttpRequest) -> HttpResponse | None:
    path, changes = request.path_info, request.method not in SAFE
    if HIDDEN.match(path):
        raise Http404
    if LOGIN.match(path):
        text = _("Choisissez qui vous êtes : ici, personne n’a de mot de passe.")
        if "ended" in request.GET:
            text = _("La démonstration a été remise à zéro. Choisissez de nouveau qui vous êtes.")
        messages.info(request, text)
        return redirect("public_demo:index")
    if CLOSED.match(path) or (changes and UNCHANGED.match(path) and path != SIGN_OUT):
        messages.warning(request, _("Dans la démonstration, cela ne se change pas."))
        return redirect("public_demo:index")
    return None
