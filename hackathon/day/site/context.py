from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hackathon.base.core import clock
from hackathon.base.core.views import edition_of
from hackathon.base.live.audiences import rights_mark
from hackathon.day.site.navigation import nav_items
from hackathon.day.site.page_clock import PageClock, day_fraction, page_clock
from hackathon.day.site.selectors import conformity
from hackathon.event.editions import selectors as editions
from hackathon.event.editions.fragments import moments_of
from hackathon.event.roles import Roles, audiences_of, roles_of_request
from submissions.versions.selectors import team_periods_of
from teams.models import Removal
from teams.selectors.teams import removal_of


def site(request: HttpRequest) -> dict[str, Any]:
    """For every page: ten queries at most, none in a fragment that uses no lazy value."""
    now = clock.now()
    edition = edition_of(request)
    roles = cast(Roles, SimpleLazyObject(lambda: roles_of_request(request)))
    audiences = cast(list[str], SimpleLazyObject(lambda: audiences_of(roles)))

    def clock_of_user() -> PageClock | None:
        if edition is None:
            return None
        periods = team_periods_of(roles.membership.team) if roles.membership else None
        return page_clock(
            edition,
            moments_of(edition),
            periods.usual if periods else None,
            own=periods.own if periods else (),
            at=now,
            is_open_without_departments=editions.is_open_without_departments(edition, at=now),
        )

    def removal_of_user() -> Removal | None:
        has_role = roles.membership or roles.organizer or roles.juries
        return None if has_role else removal_of(request.user, edition)

    return {
        "version": settings.VERSION,
        "edition": edition,
        "server_now": now,
        "server_now_ms": int(now.timestamp() * 1000),
        "live": getattr(request, "live", None),
        "roles": roles,
        "removal": SimpleLazyObject(removal_of_user),
        "audiences": audiences,
        "rights": SimpleLazyObject(lambda: rights_mark(audiences)),
        "conformity": SimpleLazyObject(lambda: conformity(edition)),
        "day_fraction": edition and day_fraction(edition, at=now),
        "clock": SimpleLazyObject(clock_of_user),
        "nav": SimpleLazyObject(lambda: nav_items(request, roles, at=now)),
    }
