from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment
from hackathon.event.editions.models import Edition
from hackathon.extras.brief_scene.selectors import client_shown, titles


def _brief(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """Two queries. Nothing is kept: an instant that was moved must not show what is secret."""
    departments = titles(edition, at=at)
    is_out = any(line["title"] for line in departments)
    client = client_shown(edition, at=at) if is_out else ""
    return {"departments": departments, "client": client, "is_out": is_out}


# On every projector. One with a name covers it with the film or the slides.
BRIEF = Fragment(
    "brief-out", "brief_scene/_brief_out.html", "brief client edition", _brief, every=1
)
