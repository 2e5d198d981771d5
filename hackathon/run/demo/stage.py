from datetime import datetime

from hackathon.base.accounts.models import User
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Edition


def prepare_projectors(edition: Edition, *, by: User, at: datetime) -> None:
    """Two amphitheatres."""
    for name, room in (("Amphi Est", "Amphi 1"), ("Amphi Ouest", "Amphi 2")):
        projectors.save(edition=edition, name=name, room=room, by=by, at=at)
