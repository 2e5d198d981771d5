from datetime import datetime

from hackathon.base.live.audiences import EVERYONE, ORGANIZERS, team_audience
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from teams.models import Team


def photographs_changed(edition: Edition, *, at: datetime) -> None:
    """A hint. To organizers alone while none is public."""
    audience = EVERYONE if results_are_public(edition, at=at) else ORGANIZERS
    publish(edition, audience, "photograph.changed", {}, at=at)


def right_answered(team: Team, *, at: datetime) -> None:
    """A hint, without the answer."""
    audiences = [team_audience(team.pk), ORGANIZERS]
    publish(team.edition, audiences, "image_right.answered", {}, at=at)
