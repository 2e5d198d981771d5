from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment, once
from hackathon.event.editions.models import Edition
from hackathon.extras.favourite import selectors

SHOWS = "favourite edition"


def _vote(edition: Edition, _viewer: object, _at: datetime) -> dict[str, Any]:
    return {"is_open": once(edition, "hall vote", selectors.is_open, SHOWS)}


HALL_VOTE = Fragment("hall-vote", "favourite/_own_vote.html", SHOWS, _vote, max_age=30)
