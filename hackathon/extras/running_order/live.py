"""A hint without contents."""

from datetime import datetime

from hackathon.base.live.audiences import DESK, ORGANIZERS, ROUND
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition


def steps_changed(edition: Edition, *, at: datetime) -> None:
    """To helpers by the audience of the round, in which jurors are too: they learn nothing."""
    publish(edition, (ORGANIZERS, DESK, ROUND), "step.changed", {}, at=at)
