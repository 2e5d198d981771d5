import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from hackathon.core import logs, metrics
from hackathon.operations import readiness

logger = logging.getLogger("hackathon.requests")

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
REQUEST_ID = re.compile(r"[0-9a-zA-Z-]{8,64}")  # nginx makes one: $request_id
UNKNOWN_ROUTE = "unknown"


class Health:
    """Before all others: `/healthz` needs no database, no session and no allowed host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"alive": True}, headers=HEADERS)
        if request.path == "/readyz":
            found = readiness.report()
            return JsonResponse(found, status=200 if found["ready"] else 503, headers=HEADERS)
        return self.get_response(request)


class Requests:
    """Counts requests and logs each with its ids. The id is in the answer too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        logs.start_over(request=request_id)
        begun = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        match = request.resolver_match
        route = (match.view_name or match.route) if match else UNKNOWN_ROUTE
        method = metrics.method_label(request.method)
        metrics.REQUESTS.labels(method, route, str(response.status_code)).inc()
        metrics.REQUEST_SECONDS.labels(route).observe(seconds)
        # Only a user that the view has read already: no query for the log.
        user = getattr(request, "_cached_user", None)
        logger.info(
            "request",
            extra={
                "method": method,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000),
                "user": getattr(user, "pk", None),
            },
        )
        response.headers["X-Request-ID"] = request_id
        return response
