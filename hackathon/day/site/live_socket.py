"""The ASGI application of `/ws/live/`. Anonymous connections receive what is public."""

from collections.abc import Collection

from hackathon.base.accounts.socket_authentication import authenticate
from hackathon.base.core import clock
from hackathon.base.live.connection import Headers, Rights, live_socket
from hackathon.day.announcements.reach_counter import reach_counter
from hackathon.day.site.fragments import render_wanted
from hackathon.event.roles import PUBLIC_AUDIENCES, audiences_of_users


def rights_of(handshakes: list[Headers]) -> list[Rights]:
    """Three queries for students, ten at most for all, none for those with neither session nor
    token. What was read before is never used again: who has lost a right may connect before this
    process learns of it.
    """
    callers = authenticate(handshakes, at=clock.now())
    audiences = iter(audiences_of_users([caller.user for caller in callers if caller.user]))
    return [
        Rights(
            audiences=next(audiences) if caller.user else PUBLIC_AUDIENCES,
            user_pk=caller.user.pk if caller.user else None,
            until=caller.until,
            bad_token=caller.bad_token,
        )
        for caller in callers
    ]


def confirm_announcement(pk: int, audiences: Collection[str]) -> None:
    """Does not block."""
    reach_counter.confirm(pk, audiences, at=clock.now())


live_application = live_socket(rights_of, confirm_announcement, render_wanted)
