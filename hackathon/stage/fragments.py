from datetime import datetime
from typing import Any

from hackathon.editions.models import Edition
from hackathon.live.fragments import Fragment
from hackathon.stage.brief_scene.selectors import client_shown, titles
from judging.ceremony.selectors.screens import screen_state


def _scene(edition: Edition, host: str, at: datetime) -> dict[str, Any]:
    edition.refresh_from_db()  # it was read before the counts of messages under which this is kept
    now_ms = int(at.timestamp() * 1000)
    return {"shown": screen_state(edition, at=at), "host": host, "server_now_ms": now_ms}


# Pages fetch it, all at once.
SCENE = Fragment(
    "ceremony-scene",
    "stage/ceremony/_stage.html",
    "ceremony deliberation results edition",
    _scene,
)


def _brief(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """Two queries. Nothing is kept: an instant that was moved must not show what is secret."""
    departments = titles(edition, at=at)
    is_out = any(line["title"] for line in departments)
    client = client_shown(edition, at=at) if is_out else ""
    return {"departments": departments, "client": client, "is_out": is_out}


# On every projector. One with a name covers it with the film or the slides.
BRIEF = Fragment("brief-out", "stage/_brief_out.html", "brief client edition", _brief, every=1)
