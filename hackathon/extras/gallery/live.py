from datetime import datetime

from hackathon.base.live.audiences import EVERYONE
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition
from teams.live import own_team_changed
from teams.models import Team


def sentence_written(team: Team, *, at: datetime) -> None:
    """A hint: who may see the work fetches it."""
    publish(team.edition, EVERYONE, "work.described", {"team": team.pk}, at=at)
    own_team_changed(team, at=at)


def planned(edition: Edition, *, at: datetime) -> None:
    """When it opens, or what it shows."""
    publish(edition, EVERYONE, "work.planned", {}, at=at)


def guests_changed(edition: Edition, *, at: datetime, audience: str) -> None:
    """Which links are valid."""
    publish(edition, audience, "gallery.changed", {}, at=at)
