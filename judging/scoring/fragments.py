"""What the teams of a jury have handed in, on the list of each of its jurors (`live.fragments`)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hackathon.base.live.audiences import juries_in
from hackathon.base.live.fragments import Audiences, Fragment
from hackathon.event.editions.models import Edition
from submissions.versions.selectors import handed_in
from submissions.versions.viewers import PERIOD


def _juries(_edition: Edition) -> Callable[[Audiences], tuple[int, ...] | None]:
    return lambda audiences: juries_in(audiences) or None


def _received(edition: Edition, departments: tuple[int, ...], _at: datetime) -> dict[str, Any]:
    """One query, and those of `handed_in` after a change."""
    own = edition.departments.filter(pk__in=departments)
    return {"received": [received for d in own for received in handed_in(d).values()]}


SCORING = (
    Fragment(
        "jury-received",
        "judging/scoring/_received.html",
        f"{PERIOD} submission deliverable",
        _received,
        _juries,
    ),
)
