from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment
from hackathon.event.editions.models import Edition
from hackathon.extras.photographs import selectors

ON_HOME = 4


def _context(edition: Edition, _viewer: Any, at: datetime) -> dict[str, Any]:
    return {"photographs": selectors.public_photographs(edition, at=at)[:ON_HOME]}


# Of home: at the publication its pages are open in the whole amphitheatre, and must not ask.
ON_THE_HOME_PAGE = Fragment(
    "home-photographs", "photographs/_home.html", "photograph results team", _context, max_age=30
)
