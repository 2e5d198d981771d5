from collections.abc import Callable
from datetime import datetime
from typing import Any

from hackathon.core import live
from hackathon.core.fragments import Audiences, Fragment
from hackathon.editions import rules, selectors
from hackathon.editions.models import Edition


def _organizers(_edition: Edition) -> Callable[[Audiences], bool]:
    return lambda audiences: live.ORGANIZERS in audiences


def _briefs(edition: Edition, is_organizer: bool, at: datetime) -> dict[str, Any]:
    """Organizers see the others too. Four queries."""
    briefs = list(selectors.briefs_of(edition))
    published = [brief for brief in briefs if rules.brief_is_published(brief, at=at)]
    return {
        "briefs": briefs if is_organizer else published,
        "published": published,
        "next_moment": rules.next_public_moment(selectors.moments(edition), at=at),
    }


# `Brief.published_at` is secret: no later states, and no instants.
BRIEFS = (
    Fragment(
        "briefs",
        "editions/_briefs.html",
        frozenset({"brief.changed", "brief.unlocked", "edition.changed"}),
        _briefs,
        _organizers,
        every=1,
    ),
)
