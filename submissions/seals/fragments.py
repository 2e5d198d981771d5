from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment
from hackathon.event.editions.models import Edition
from submissions.seals import selectors
from submissions.versions.viewers import PERIODS


def _public(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """Five queries, and one per participant of hand-ins."""
    return {
        "state": selectors.seal_state(edition, at=at),
        "seals": selectors.seals_over_all(edition),
    }


def _instants(edition: Edition, _viewer: object, at: datetime) -> Iterable[datetime]:
    return [due.as_of for due in selectors.seals_to_make(edition, at=at)]


SEALS = (
    Fragment(
        "public-seals",
        "submissions/seals/_public.html",
        f"{PERIODS} submission seal results",
        _public,
        instants=_instants,
        max_age=30,
    ),
)
