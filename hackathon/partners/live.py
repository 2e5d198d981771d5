from datetime import datetime

from hackathon.editions.live import publish
from hackathon.editions.models import Edition
from hackathon.live.audiences import EVERYONE, ORGANIZERS


def client_changed(edition: Edition, *, is_public: bool, at: datetime) -> None:
    """A hint without contents. To organizers alone while the client is secret."""
    publish(edition, EVERYONE if is_public else ORGANIZERS, "client.changed", {}, at=at)


def partners_changed(edition: Edition, *, at: datetime) -> None:
    publish(edition, EVERYONE, "partner.changed", {}, at=at)
