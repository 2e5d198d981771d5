from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department
from judging.jury.selectors import criteria_of
from judging.models import Criterion


@dataclass(frozen=True)
class Amendment:
    """`changes`: field, before, after."""

    criterion: str
    at: datetime
    by: str
    reason: str
    changes: list[tuple[str, Any, Any]]


def amendments_of(department: Department) -> list[Amendment]:
    """Newest first."""
    names = {f"judging.criterion:{c.pk}": c.name for c in criteria_of(department)}
    entries = JournalEntry.objects.filter(act="criterion.amended", target__in=names)
    return [
        Amendment(
            criterion=names[entry.target],
            at=entry.at,
            by=entry.by.display_name if entry.by else "",
            reason=entry.detail["reason"],
            changes=[
                (str(Criterion._meta.get_field(field).verbose_name), before, after)  # type: ignore[union-attr]
                for field, (before, after) in entry.detail["changes"].items()
            ],
        )
        for entry in entries.select_related("by").order_by("-at", "-pk")
    ]
