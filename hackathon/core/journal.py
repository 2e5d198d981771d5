from datetime import datetime
from typing import Any

from django.db import models

from hackathon.core.models import JournalEntry


def record(act: str, target: models.Model, *, by: Any, at: datetime, **detail: Any) -> None:
    """Call it in the transaction of the change. `act` is `noun.past_participle`; `by=None` is the
    program. `detail` must not contain marks or briefs: readers of the journal may not see them.
    """
    JournalEntry.objects.create(act=act, target=_name(target), by=by, at=at, detail=detail)


def was_recorded(act: str, target: models.Model, *, since: datetime) -> bool:
    return JournalEntry.objects.filter(act=act, target=_name(target), at__gt=since).exists()


def _name(target: models.Model) -> str:
    return f"{target._meta.label_lower}:{target.pk}"
