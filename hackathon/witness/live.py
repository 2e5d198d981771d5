from datetime import datetime

from hackathon.editions.live import publish
from hackathon.live.audiences import EVERYONE
from hackathon.witness.models import Stamp


def stamp_granted(stamp: Stamp, *, at: datetime) -> None:
    publish(stamp.edition, EVERYONE, "stamp.granted", {"digest": stamp.digest}, at=at)
