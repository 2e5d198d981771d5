import time
from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from hackathon.base.core import logs, metrics, request_lines
from hackathon.base.core.call_stack import call_with_room
from hackathon.run.operations import readiness

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Health:
    """Before all others: `/healthz` needs no database, no session and no allowed host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"alive": True}, headers=HEADERS)
        if request.path == "/readyz":
            report = readiness.report()
            return JsonResponse(report, status=200 if report["ready"] else 503, headers=HEADERS)
        return call_with_room(self.get_response, request)


class Requests:
    """Counts requests and logs each with its ids. The id is in the answer too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_lines.begin(request.headers.get("X-Request-ID", ""))
        begun = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        route = request_lines.route_of(request)
        metrics.REQUEST_SECONDS.labels(route).observe(seconds)
        if (user := _user_of(request, response)) is not None:
            logs.bind(user=user)
        request_lines.note(
            request.method or "", route, response.status_code, ms=round(seconds * 1000)
        )
        response.headers["X-Request-ID"] = request_id
        return response


def _user_of(request: HttpRequest, response: HttpResponse) -> int | None:
    """That the view has read already: no query for the log, except after a refusal before the view.
    A token has named its user itself.
    """
    user = getattr(request, "_cached_user", None)
    if user is None and response.status_code == 403:  # CSRF
        user = getattr(request, "user", None)
    with suppress(DatabaseError):
        pk: int | None = getattr(user, "pk", None)
        return pk
    return None
