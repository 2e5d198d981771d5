from datetime import datetime

from hackathon.base.live.audiences import ORGANIZERS, team_audience
from hackathon.event.editions.live import publish
from hackathon.extras.promises.models import Promise


def promise_received(promise: Promise, *, at: datetime) -> None:
    """Parts that show what a team has handed in follow."""
    team = promise.team
    data = {"promise": promise.pk, "team": team.pk, "deliverable": promise.deliverable_id}
    audiences = (team_audience(team.pk), ORGANIZERS)
    publish(team.edition, audiences, "submission.promised", data, at=at)
