from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment
from hackathon.event.editions.models import Edition
from hackathon.extras.emergency import selectors


def _context(edition: Edition, _viewer: Any, _at: datetime) -> dict[str, Any]:
    return {"lines": selectors.lines_of(edition)}


SAFETY = Fragment("safety", "emergency/_foot.html", "safety", _context, max_age=30)
