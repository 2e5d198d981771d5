"""The site's socket."""

from typing import Any

from hackathon.core.consumers import HubConsumer
from hackathon.dashboard import selectors


class LiveConsumer(HubConsumer):
    """`/ws/live/`: anyone may connect; who is not signed in hears what is public."""

    def audiences(self, user: Any) -> list[str]:
        """Decided here, never by the client."""
        return selectors.live_audiences(user)
