"""What pages of the core show of the second server, if there is one."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.extras.standby import selectors
from teams.own import own_membership


def card(request: HttpRequest, edition: Edition) -> str:
    return _shown("_card", request, managed=edition)


def age(request: HttpRequest, edition: Edition) -> str:
    return _shown("_age", request)


def deposits(request: HttpRequest, edition: Edition) -> str:
    return _shown("_deposits", request) if own_membership(request) else ""


def _shown(name: str, request: HttpRequest, **more: Any) -> str:
    """Two queries; without a second server none."""
    state = selectors.state(at=clock.now())
    if not state.configured:
        return ""
    return render_to_string(f"standby/{name}.html", {"standby": state, **more}, request)
