from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from hackathon.base.live.audiences import ORGANIZERS, department_audience
from hackathon.base.live.fragments import Audiences, Fragment, once
from hackathon.event.editions import rules, selectors
from hackathon.event.editions.models import Brief, Edition


def moments_of(edition: Edition) -> list[rules.Moment]:
    """In the active language. One query after they have changed."""
    return once(edition, f"moments {get_language()}", selectors.moments, "edition")


def _all_briefs(edition: Edition) -> list[Brief]:
    return list(selectors.briefs_of(edition))


@dataclass(frozen=True)
class BriefsViewer:
    """`own`: the audiences of the departments to which a person belongs."""

    is_organizer: bool
    own: frozenset[str]


def _viewers(_edition: Edition) -> Callable[[Audiences], BriefsViewer]:
    def viewer(audiences: Audiences) -> BriefsViewer:
        own = frozenset(name for name in audiences if name.startswith("department:"))
        return BriefsViewer(ORGANIZERS in audiences, own)

    return viewer


def _briefs(edition: Edition, viewer: BriefsViewer, at: datetime) -> dict[str, Any]:
    """Organizers see the secret ones too. Three queries for all viewers."""
    briefs = once(edition, "briefs", _all_briefs)
    own = [b for b in briefs if department_audience(b.department_id) in viewer.own]
    briefs = [*own, *(brief for brief in briefs if brief not in own)]
    published = [brief for brief in briefs if rules.brief_is_published(brief, at=at)]
    return {
        "briefs": briefs if viewer.is_organizer else published,
        "published": published,
        "own": own,
        "next_moment": rules.next_public_moment(moments_of(edition), at=at),
    }


# `Brief.published_at` is secret: no later states, and no instants.
BRIEFS = (
    Fragment(
        "briefs",
        "editions/_briefs.html",
        "brief edition",
        _briefs,
        _viewers,
        every=1,
    ),
)
