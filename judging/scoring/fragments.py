"""What the teams of a jury have handed in, on the list of each of its jurors (`core.fragments`)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hackathon.core.fragments import Audiences, Fragment
from hackathon.core.live import juries_in
from hackathon.editions.models import Edition
from submissions.deposits.selectors import deposits_by_team
from submissions.deposits.viewers import MOVED
from teams.models import Team


def _juries(_edition: Edition) -> Callable[[Audiences], tuple[int, ...] | None]:
    return lambda audiences: juries_in(audiences) or None


def _received(edition: Edition, departments: tuple[int, ...], at: datetime) -> dict[str, Any]:
    """Four queries."""
    teams = list(Team.objects.present().filter(department__in=departments))
    return {"received": deposits_by_team(edition, teams, at=at).values()}


SCORING = (
    Fragment(
        "jury-received",
        "judging/scoring/_received.html",
        MOVED | {"submission.received", "deliverable.changed"},
        _received,
        _juries,
    ),
)
