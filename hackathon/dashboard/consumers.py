"""The site's socket."""

from collections.abc import Collection
from typing import Any

from hackathon.core import clock
from hackathon.core.consumers import HubConsumer
from hackathon.dashboard import selectors
from hackathon.dashboard.reach import gatherer

MAX_ID = 2**63 - 1
CONFIRMED_AT_MOST = 500


class LiveConsumer(HubConsumer):
    """`/ws/live/`: anyone may connect; who is not signed in hears what is public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._belongs_to: Collection[str] = ()
        self._confirmed: set[int] = set()

    def audiences(self, user: Any) -> list[str]:
        """Decided here, never by the client."""
        found = selectors.live_audiences(user)
        self._belongs_to = frozenset(found)
        return found

    def confirmed(self, pk: int) -> None:
        """This page has announcement `pk`: counted once, however often it says so."""
        if (
            0 < pk <= MAX_ID
            and pk not in self._confirmed
            and len(self._confirmed) < CONFIRMED_AT_MOST
        ):
            self._confirmed.add(pk)
            gatherer.note(pk, self._belongs_to, at=clock.now())
