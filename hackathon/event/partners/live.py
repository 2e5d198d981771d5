from datetime import datetime

from hackathon.base.live.audiences import EVERYONE, ORGANIZERS
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition


def client_changed(edition: Edition, *, is_public: bool, at: datetime) -> None:
    """A hint without contents. To organizers alone while the client is secret."""
    publish(edition, EVERYONE if is_public else ORGANIZERS, "client.changed", {}, at=at)


def partners_changed(edition: Edition, *, at: datetime) -> None:
    publish(edition, EVERYONE, "partner.changed", {}, at=at)
