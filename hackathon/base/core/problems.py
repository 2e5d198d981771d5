"""Errors of the API as `application/problem+json` (RFC 9457), always with a `code`."""

import sys
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    JsonResponse,
)
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as drf_handler

from hackathon.base.core import logs
from hackathon.base.core.errors import NotFound, Refused
from hackathon.base.core.failures import (
    has_waited,
    is_connection_lost,
    is_disk_full,
    is_unavailable,
)
from hackathon.base.core.views import is_htmx

CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/"
NOT_FOUND = (NotFound, Http404, PermissionDenied, exceptions.PermissionDenied)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals are 409, invalid requests 400 with `errors`. Forbidden looks like not found."""
    if isinstance(exc, Refused):
        return problem(status.HTTP_409_CONFLICT, exc.refusal.code.value, exc.refusal.message)
    if isinstance(exc, NOT_FOUND) and not _is_csrf(exc):
        return problem(status.HTTP_404_NOT_FOUND, "not_found", _("Cette ressource n’existe pas."))
    response = drf_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        answer = problem(
            response.status_code,
            "invalid",
            _("La demande est incomplète ou mal formée."),
            errors=exc.detail,
        )
    else:
        code = exc.get_codes() if isinstance(exc, exceptions.APIException) else "error"
        detail = str(getattr(exc, "detail", exc))
        if isinstance(exc, exceptions.ParseError):  # the message of the parser is English
            detail = _("Le corps de la demande n’est pas lisible : ce n’est pas du JSON valide.")
        answer = problem(response.status_code, code if isinstance(code, str) else "error", detail)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response:
            answer[header] = response[header]
    return answer


def problem(status_code: int, code: str, detail: str, **more: Any) -> Response:
    body = _document(status_code, code, detail, **more)
    return Response(body, status=status_code, content_type=CONTENT_TYPE)


class UnknownAddress(APIView):
    schema = None  # not described
    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Requests that Django refuses before the view: too large, too many fields, a forged host."""
    if not request.path.startswith(PREFIX):
        # Before the authentication middleware there is no user, and the page has no menu.
        with_user = request if hasattr(request, "user") else None
        return HttpResponseBadRequest(loader.render_to_string("400.html", request=with_user))
    return _raw(400, "bad_request", _("La demande est incomplète ou mal formée."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404 page reads the CSRF token from the body, which fails if it is malformed."""
    try:
        return defaults.page_not_found(request, exception)
    except (BadRequest, MultiPartParserError) as error:
        return bad_request(request, error)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is handled. A full disk is 507, a server that is away 503."""
    error = sys.exception()
    if is_disk_full(error):
        return failure(request, 507)
    if is_unavailable(error):
        again = is_connection_lost(error) and not has_waited(error)
        request.read_again = again  # type: ignore[attr-defined]
        return failure(request, 503)
    if not request.path.startswith(PREFIX):
        return defaults.server_error(request)
    detail = _("Une panne de notre côté. Réessayez dans quelques secondes.")
    return _raw(500, "server_error", detail)


def failure(request: HttpRequest, status_code: int) -> HttpResponse:
    """507 or 503."""
    code, title, detail = {
        507: (
            "storage_full",
            _("Le serveur n’a plus de place"),
            _(
                "Rien de ce que vous venez d’envoyer n’a été enregistré. Gardez votre fichier ou"
                " votre texte, prévenez un organisateur, puis réessayez dans quelques minutes."
            ),
        ),
        503: (
            "unavailable",
            _("Le serveur redémarre"),
            _(
                "Attendez quelques secondes. Si vous veniez d’envoyer quelque chose, regardez"
                " d’abord s’il est arrivé : sinon, revenez en arrière et envoyez de nouveau."
            ),
        ),
    }[status_code]
    return unavailable(request, code, title, detail, status_code=status_code)


def unavailable(
    request: HttpRequest, code: str, title: str, detail: str, *, status_code: int = 503
) -> HttpResponse:
    """As a page, for htmx or for the API, without a query, with `Retry-After`."""
    logs.bind(code=code)
    response: HttpResponse
    if request.path.startswith(PREFIX):
        response = _raw(status_code, code, detail)
    elif is_htmx(request):
        response = HttpResponse(
            detail, status=status_code, content_type="text/plain; charset=utf-8"
        )
    else:
        page = loader.get_template("failure.html").render({"title": title, "detail": detail})
        response = HttpResponse(page, status=status_code)
    response.headers["Retry-After"] = "5"
    return response


def _document(status_code: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    logs.bind(code=code)
    return {"type": "about:blank", "status": status_code, "code": code, "detail": detail, **more}


def _raw(status_code: int, code: str, detail: str) -> JsonResponse:
    body = _document(status_code, code, detail)
    return JsonResponse(body, status=status_code, content_type=CONTENT_TYPE)


def _is_csrf(exc: Exception) -> bool:
    return "CSRF" in str(getattr(exc, "detail", ""))
