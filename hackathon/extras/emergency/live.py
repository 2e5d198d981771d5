"""Hints without contents."""

from datetime import datetime

from hackathon.base.live.audiences import EVERYONE, ORGANIZERS
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition


def safety_changed(edition: Edition, *, at: datetime) -> None:
    """What is at the foot of every page."""
    publish(edition, EVERYONE, "safety.changed", {}, at=at)


def emergency_changed(edition: Edition, *, at: datetime) -> None:
    """To organizers only. Pages of the caller and of the two named people poll."""
    publish(edition, ORGANIZERS, "emergency.changed", {}, at=at)
