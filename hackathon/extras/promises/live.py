from datetime import datetime

from hackathon.base.live.audiences import ORGANIZERS, team_audience
from hackathon.event.editions.live import publish
from hackathon.extras.promises.models import Promise
from teams.models import Team


def promise_received(promise: Promise, *, at: datetime) -> None:
    """Parts that show what a team has handed in follow."""
    _publish("submission.promised", promise, at)


def promise_voided(promise: Promise, *, at: datetime) -> None:
    _publish("submission.unpromised", promise, at)


def _publish(event: str, promise: Promise, at: datetime) -> None:
    team = promise.team
    data = {"promise": promise.pk, "team": team.pk, "deliverable": promise.deliverable_id}
    publish(team.edition, (team_audience(team.pk), ORGANIZERS), event, data, at=at)
    own_changed(team, at=at)


def own_changed(team: Team, *, at: datetime) -> None:
    """The promises that the team may void, or its key: few parts show them, and submissions are
    many.
    """
    publish(team.edition, team_audience(team.pk), "promise.changed", {}, at=at)
