from datetime import datetime

from hackathon.editions.live import publish
from hackathon.editions.models import Edition
from hackathon.live.audiences import EVERYONE
from teams.live import own_team_changed
from teams.models import Team


def sentence_written(team: Team, *, at: datetime) -> None:
    """A hint: who may see the work fetches it."""
    publish(team.edition, EVERYONE, "work.described", {"team": team.pk}, at=at)
    own_team_changed(team, at=at)


def gallery_changed(edition: Edition, *, at: datetime, audience: str = EVERYONE) -> None:
    """When it opens, what it shows, or which links are valid."""
    publish(edition, audience, "gallery.changed", {}, at=at)
