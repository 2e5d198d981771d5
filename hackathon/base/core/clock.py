"""The only module that reads the clock: rules and services take the instant as an argument."""

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
    """When the first byte of the request arrived. A deposit begins at this instant."""
    stamps: dict[str, Any] = getattr(request, "scope", None) or request.META
    return stamps.get(ARRIVAL_KEY) or now()


def stamp_asgi(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def stamped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope[ARRIVAL_KEY] = now()
        await app(scope, receive, send)

    return stamped


def stamp_wsgi(app: Callable[..., Any]) -> Callable[..., Any]:
    """The proxy must not buffer bodies, or this is the instant of the last byte."""

    def stamped(environ: dict[str, Any], start_response: Any) -> Any:
        environ[ARRIVAL_KEY] = now()
        return app(environ, start_response)

    return stamped
