"""What every request leaves behind: one line of the log and one count."""

import logging
import re
import uuid
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

from hackathon.base.core import logs, metrics

logger = logging.getLogger("hackathon.requests")

REQUEST_ID = re.compile(r"[0-9a-zA-Z-]{8,64}")  # nginx makes one: $request_id
UNKNOWN_ROUTE = "unknown"
CLIENT_GONE = 499  # the status that nginx logs for it


def begin(given_id: str) -> str:
    """The id of the request: that of the proxy, else a new one."""
    request_id = given_id if REQUEST_ID.fullmatch(given_id) else uuid.uuid4().hex
    logs.start_over(request=request_id)
    return request_id


def note(method: str, route: str, status: int, **details: Any) -> None:
    """`logs.bind` before it adds `user`, `team`, `token` and `code`: why it was refused."""
    method = metrics.method_label(method)
    metrics.REQUESTS.labels(method, route, str(status)).inc()
    filled = {name: value for name, value in details.items() if value is not None}
    logger.info("request", extra={"method": method, "route": route, "status": status, **filled})


def route_of(request: HttpRequest) -> str:
    return _name(request.resolver_match)


def route_at(path: str) -> str:
    """For a request that no view has seen. Paths are not logged: some contain a secret."""
    try:
        return _name(resolve(path))
    except Resolver404:
        return UNKNOWN_ROUTE


def _name(match: ResolverMatch | None) -> str:
    return (match.view_name or match.route) if match else UNKNOWN_ROUTE
