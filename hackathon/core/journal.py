"""The journal: every service that writes says so here, in its own transaction."""

from datetime import datetime
from typing import Any

from django.db import models

from hackathon.core.models import JournalEntry


def record(act: str, target: models.Model, *, by: Any, at: datetime, **detail: Any) -> None:
    """Add an entry. `act` is `noun.past_participle`; `by=None` is the program itself.

    `detail` must be JSON and holds neither marks nor the text of a brief: the journal is read by
    people who may not read those.
    """
    JournalEntry.objects.create(
        act=act, target=f"{target._meta.label_lower}:{target.pk}", by=by, at=at, detail=detail
    )
