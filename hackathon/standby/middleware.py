from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hackathon.core.problems import unavailable
from hackathon.standby import fencing


class Fenced:
    """Another server has taken over: every page and the API say so, and nothing is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not fencing.is_fenced():
            return self.get_response(request)
        detail = _(
            "Un autre serveur a pris le relais : rien de ce que vous envoyez ici n’est enregistré."
            " Rechargez la page dans quelques secondes. Si ce message revient, prévenez"
            " l’organisation."
        )
        return unavailable(request, "other_server", _("Le site est sur un autre serveur"), detail)
