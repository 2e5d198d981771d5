from datetime import datetime
from typing import Any

from django.db import models

from hackathon.core.models import JournalEntry


def record(act: str, target: models.Model, *, by: Any, at: datetime, **detail: Any) -> None:
    """Call it in the transaction of the change. `act` is `noun.past_participle`; `by=None` is the
    program. `detail` must not contain marks or briefs: readers of the journal may not see them.
    """
    JournalEntry.objects.create(
        act=act, target=f"{target._meta.label_lower}:{target.pk}", by=by, at=at, detail=detail
    )
