from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.extras.public_demo import rules, selectors
from hackathon.extras.public_demo.enums import ENTRANCES
from hackathon.run.demo.day import DemoPhase


def facts() -> dict[str, Any]:
    night: datetime = rules.next_night(clock.now())
    return {"next_reset": night, "largest": settings.UPLOAD_MAX_BYTES}


def facts_with_roles() -> dict[str, Any]:
    """One query."""
    is_judged = selectors.state().moment in (DemoPhase.JUDGING, DemoPhase.CEREMONY)
    return {**facts(), "entrances": ENTRANCES, "is_judged": is_judged}


def banner(request: HttpRequest, _edition: Any) -> str:
    if not settings.PUBLIC_DEMO:
        return ""
    organizes = request.path.startswith("/organisation/")
    return render_to_string(
        "public_demo/_banner.html", {**facts(), "organizes": organizes}, request
    )


def roles(request: HttpRequest, _edition: Any) -> str:
    if not settings.PUBLIC_DEMO or request.user.is_authenticated:
        return ""
    return render_to_string("public_demo/_roles.html", facts_with_roles(), request)
