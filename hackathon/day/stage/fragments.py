from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment
from hackathon.event.editions.models import Edition
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
