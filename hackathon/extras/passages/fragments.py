from collections.abc import Callable
from datetime import datetime
from typing import Any

from hackathon.base.live.audiences import team_in
from hackathon.base.live.fragments import Audiences, Fragment, once
from hackathon.event.editions.models import Edition
from hackathon.extras.passages import selectors

SHOWS = "ceremony deliberation results team edition"


def _passage(edition: Edition, team: int, _at: datetime) -> dict[str, Any]:
    """The same queries for all teams."""
    return {"is_on_stage": once(edition, "team on stage", selectors.team_on_stage, SHOWS) == team}


def _teams(_edition: Edition) -> Callable[[Audiences], int | None]:
    return team_in


OWN_PASSAGE = Fragment("own-passage", "passages/_own.html", SHOWS, _passage, _teams, max_age=30)
