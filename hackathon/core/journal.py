from datetime import datetime
from typing import Any

from django.db import models

from hackathon.core.models import JournalEntry


def record(act: str, target: models.Model, *, by: Any, at: datetime, **detail: Any) -> None:
    """Called by every service that writes, in its transaction. `act` is `noun.past_participle`;
    `by=None` is the program.

    `detail` must be JSON without marks and texts of briefs, which readers of the journal may not
    see.
    """
    JournalEntry.objects.create(
        act=act, target=f"{target._meta.label_lower}:{target.pk}", by=by, at=at, detail=detail
    )
