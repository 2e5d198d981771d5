"""What every page knows."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hackathon import roles as hackathon_roles
from hackathon.core import clock
from hackathon.editions import selectors as editions
from hackathon.roles import Roles
from hackathon.site import navigation
from hackathon.site.page_clock import PageClock, page_clock
from submissions.deposits.selectors import period_of


def site(request: HttpRequest) -> dict[str, Any]:
    """Edition, server time, the live message to resume from, clock and navigation.

    What costs queries is lazy: a fragment that shows neither clock nor navigation pays nothing.
    A whole page pays seven at most: five for the roles, one for the day, one for a team's window;
    and one for the departments while teams register.
    """
    now = clock.now()
    edition = getattr(request, "edition", None)
    roles = cast(Roles, SimpleLazyObject(lambda: hackathon_roles.roles_on(request)))

    def its_clock() -> PageClock | None:
        if edition is None:
            return None
        team = roles.membership and roles.membership.team
        window = period_of(team) if team else None
        moments = editions.moments(edition)
        is_empty = editions.is_open_for_nothing(edition, at=now)
        return page_clock(edition, moments, window, at=now, is_open_for_nothing=is_empty)

    return {
        "edition": edition,
        "server_now": now,
        "server_now_ms": int(now.timestamp() * 1000),
        "live_after": getattr(request, "live_after", 0),
        "roles": roles,
        "clock": SimpleLazyObject(its_clock),
        "nav": SimpleLazyObject(lambda: navigation.of(request, roles, at=now)),
    }
