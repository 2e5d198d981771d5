"""The only place that reads the clock. Carriers (views, consumers, periodic tasks) call it; rules
and services take the instant as an argument.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

# Where the servers' doors (`hackathon.asgi`, `hackathon.wsgi`) note when a request arrived.
ARRIVAL_KEY = "ccd.arrived_at"


def now() -> datetime:
    """The server's instant, aware, in UTC."""
    return datetime.now(UTC)


def arrived_at(request: HttpRequest) -> datetime:
    """When the first byte of `request` reached us, before its body was read.

    A deposit begins at this instant: a form sent at 22:59:50 whose last byte comes at 23:00:20 was
    begun before the deadline. Without a stamp (the test client) it is now.
    """
    stamps: dict[str, Any] = getattr(request, "scope", None) or request.META
    return stamps.get(ARRIVAL_KEY) or now()


def stamp_asgi(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Wrap an ASGI application: HTTP scopes carry their arrival instant."""

    async def stamped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope[ARRIVAL_KEY] = now()
        await app(scope, receive, send)

    return stamped


def stamp_wsgi(app: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a WSGI application: the environ carries the arrival instant.

    The proxy in front must pass bodies on as they come (`proxy_request_buffering off`), or the
    stamp is that of the last byte.
    """

    def stamped(environ: dict[str, Any], start_response: Any) -> Any:
        environ[ARRIVAL_KEY] = now()
        return app(environ, start_response)

    return stamped
