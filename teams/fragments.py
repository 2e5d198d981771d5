from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import grace_ends_at
from teams import rules


def _calling(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    return {"is_calling": rules.calling_refusal(edition, at=at) is None}


def _instants(edition: Edition, _viewer: object, _at: datetime) -> Iterable[datetime]:
    return [edition.starts_at, grace_ends_at(edition)]


# Hides the form of a call while none is possible (page-teams.css).
TEAMS = (
    Fragment(
        "calling",
        "teams/_calling.html",
        "edition",
        _calling,
        instants=_instants,
        max_age=30,
    ),
)
