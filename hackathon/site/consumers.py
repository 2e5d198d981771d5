"""The site's socket, `/ws/live/`: anyone may connect; who is not signed in hears what is public."""

from collections.abc import Collection

from hackathon import roles as selectors
from hackathon.accounts.socket_authentication import authenticate
from hackathon.announcements.reach import gatherer
from hackathon.core import clock
from hackathon.core.sockets.connection import Headers, Rights, live_socket


def rights_of(handshakes: list[Headers]) -> list[Rights]:
    """What each of these connections may hear: decided here, never by the client.

    Eight queries at most, however many they are; none for who brings neither session nor token.
    """
    callers = authenticate(handshakes, at=clock.now())
    audiences = selectors.live_audiences([caller.user for caller in callers if caller.user])
    return [
        Rights(
            audiences=audiences[caller.user.pk] if caller.user else selectors.PUBLIC,
            user_pk=caller.user.pk if caller.user else None,
            until=caller.until,
            bad_token=caller.bad_token,
        )
        for caller in callers
    ]


def note(announcement_pk: int, audiences: Collection[str]) -> None:
    """A page that hears these audiences has this announcement."""
    gatherer.note(announcement_pk, audiences, at=clock.now())


live_consumer = live_socket(rights_of, note)
