from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import close_old_connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from hackathon.base.core import extras, serving
from hackathon.base.core.errors import NotFound
from hackathon.base.core.extras import GetResponse
from hackathon.base.core.problems import PREFIX, UnknownAddress, unavailable

ID_MAX = 2**63 - 1


class ChosenLanguage:
    """Ignores `Accept-Language`: half of the laptops in a French school ask for English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            chosen = settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response


class OtherServer:
    """Another server has taken over: every page and the API say so, and nothing is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not serving.is_stopped():
            return self.get_response(request)
        detail = _(
            "Un autre serveur a pris le relais : rien de ce que vous envoyez ici n’est enregistré."
            " Rechargez la page dans quelques secondes. Si ce message revient, prévenez"
            " l’organisation."
        )
        return unavailable(request, "other_server", _("Le site est sur un autre serveur"), detail)


class ReadAgain:
    """A page that was read while PostgreSQL restarted is read once more, from the beginning, unless
    the pool has waited for the database already. Requests that may have written something are never
    repeated.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method in ("GET", "HEAD") and getattr(request, "read_again", False):
            response.close()
            close_old_connections()
            request.read_again = False  # type: ignore[attr-defined]
            response = self.get_response(request)
        return response


class NotFoundIs404:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, NotFound):
            raise Http404 from exception


class StorableAddresses:
    """Refuses what the database cannot store: NUL (PostgreSQL) and integers above `ID_MAX`. Fields
    of forms and of JSON refuse both themselves. The session cookie can contain NUL as `\\000`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in an address")
        if not any(isinstance(value, int) and value > ID_MAX for value in kwargs.values()):
            return None
        if request.path.startswith(PREFIX):
            return UnknownAddress.as_view()(request)
        raise Http404


class PrivateByDefault:
    """Unless a view says otherwise, no shared cache keeps a page, and a browser asks before it
    shows it again. Not `no-store`: going back must bring typed text back, and js/session.js then
    checks whose page it is. Pages give up devices that they don't use, and other origins embed
    nothing of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


def of_extras(get_response: GetResponse) -> GetResponse:
    """Those that are installed, in their order."""
    for extra in reversed(list(extras.registry)):
        if extra.middleware is not None:
            get_response = extra.middleware(get_response)
    return get_response
