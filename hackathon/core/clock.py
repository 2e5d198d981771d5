"""The only module that reads the clock. Views, sockets and periodic tasks call it; rules and
services take the instant as an argument.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

# Key of the ASGI scope or WSGI environ with the instant at which the request arrived.
ARRIVAL_KEY = "ccd.arrived_at"


def now() -> datetime:
    """Aware, in UTC."""
    return datetime.now(UTC)


def arrived_at(request: HttpRequest) -> datetime:
    """When the first byte of the request arrived, before its body was read.

    A deposit begins at this instant: a form sent at 22:59:50 whose last byte arrives at 23:00:20
    was begun before the deadline. With the test client it is now.
    """
    stamps: dict[str, Any] = getattr(request, "scope", None) or request.META
    return stamps.get(ARRIVAL_KEY) or now()


def stamp_asgi(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Adds the instant of arrival to the scopes of HTTP requests."""

    async def stamped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope[ARRIVAL_KEY] = now()
        await app(scope, receive, send)

    return stamped


def stamp_wsgi(app: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the instant of arrival to the environ.

    The proxy must not buffer request bodies (`proxy_request_buffering off`), or it is the instant
    of the last byte.
    """

    def stamped(environ: dict[str, Any], start_response: Any) -> Any:
        environ[ARRIVAL_KEY] = now()
        return app(environ, start_response)

    return stamped
