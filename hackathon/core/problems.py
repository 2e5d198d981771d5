"""Errors of the API as `application/problem+json` (RFC 9457), always with a `code`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from hackathon.core.errors import Refused

CONTENT_TYPE = "application/problem+json"


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals are 409, shape errors 400 with `errors`; not allowed looks like not found."""
    if isinstance(exc, Refused):
        return problem(status.HTTP_409_CONFLICT, exc.refusal.code.value, exc.refusal.message)
    if isinstance(exc, (Http404, PermissionDenied, exceptions.PermissionDenied)) and not _is_csrf(
        exc
    ):
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
        answer = problem(response.status_code, code if isinstance(code, str) else "error", detail)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response:
            answer[header] = response[header]
    return answer


def problem(status_code: int, code: str, detail: str, **more: Any) -> Response:
    """A problem document as a DRF response."""
    body = {"type": "about:blank", "status": status_code, "code": code, "detail": detail, **more}
    return Response(body, status=status_code, content_type=CONTENT_TYPE)


def _is_csrf(exc: Exception) -> bool:
    """A missing CSRF token is the client's mistake, and hides nothing."""
    return "CSRF" in str(getattr(exc, "detail", ""))
