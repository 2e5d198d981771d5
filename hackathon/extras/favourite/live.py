from datetime import datetime

from hackathon.base.live.audiences import EVERYONE
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition
from judging.live import ceremony_moved


def changed(edition: Edition, *, at: datetime) -> None:
    """The vote was prepared, opened or closed, which the pages of the ceremony show too. There is
    no message about a vote.
    """
    publish(edition, EVERYONE, "favourite.changed", {}, at=at)
    ceremony_moved(edition, at=at)
