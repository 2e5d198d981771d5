from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment
from hackathon.day.questions.rules import period_refusal
from hackathon.event.editions.models import Edition
from submissions.versions.viewers import PERIOD, ClockViewer, clock_viewers


def _head(edition: Edition, viewer: ClockViewer, at: datetime) -> dict[str, Any]:
    if viewer.period is None:
        return {"is_asker": False}
    refusal = period_refusal(edition, viewer.period.grace_ends_at, at=at)
    return {"is_asker": True, "refusal": refusal}


def _head_instants(edition: Edition, viewer: ClockViewer, _at: datetime) -> Iterable[datetime]:
    return [edition.starts_at, viewer.period.grace_ends_at] if viewer.period else []


QUESTIONS = (
    Fragment(
        "questions-head", "questions/_head.html", PERIOD, _head, clock_viewers, _head_instants
    ),
)
