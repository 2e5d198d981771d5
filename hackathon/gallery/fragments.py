from collections.abc import Callable
from datetime import datetime
from typing import Any

from hackathon.editions.models import Edition
from hackathon.editions.rules import grace_ends_at
from hackathon.gallery import selectors
from hackathon.live.audiences import ROUND, juries_in, team_in
from hackathon.live.fragments import Audiences, Fragment, once

SHOWS = "gallery extension deliverable results edition"


def _participants(_edition: Edition) -> Callable[[Audiences], bool | None]:
    """Students and helpers. A juror's way in depends on the decision of the jury."""

    def takes_part(audiences: Audiences) -> bool | None:
        helps = ROUND in audiences and not juries_in(audiences)
        return True if helps or team_in(audiences) is not None else None

    return takes_part


def _is_open(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """No query until the grace has ended; then two after what it shows has changed."""
    if at < grace_ends_at(edition):
        return {"gallery_is_open": False}
    instant = once(edition, "gallery opens", selectors.opens_at, SHOWS)
    return {"gallery_is_open": instant is not None and instant <= at}


# Without the instant, which would tell all pages how long the extension of another team is.
NAV_GALLERY = Fragment("nav-gallery", "gallery/_nav.html", SHOWS, _is_open, _participants, every=1)
