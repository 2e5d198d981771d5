"""What every page knows."""

from typing import Any

from django.http import HttpRequest

from hackathon.core import clock, live


def site(request: HttpRequest) -> dict[str, Any]:
    """Edition, server time and the live message to resume from."""
    now = clock.now()
    return {
        "edition": getattr(request, "edition", None),
        "server_now": now,
        "server_now_ms": int(now.timestamp() * 1000),
        "live_after": live.last_id(),
        "nav": [],
    }
