from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from judging.enums import ReadingKind
from judging.jury.selectors import criteria_of
from judging.models import Assignment, Badge, Criterion, Juror


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


@dataclass(frozen=True)
class JuryOfEdition:
    department: Department
    jurors: list[Juror]
    never_came: int
    without_badge: int
    has_plan: bool

    @property
    def has_president(self) -> bool:
        return any(juror.is_president for juror in self.jurors)


def juries_of(edition: Edition) -> list[JuryOfEdition]:
    """Jurors who left are left out. Five queries."""
    departments = list(edition.departments.all())
    seated = Juror.objects.seated().filter(department__edition=edition).select_related("user")
    never_came = set(seated.never_came().values_list("pk", flat=True))
    without = without_badge(edition)
    planned = set(
        Assignment.objects.filter(
            juror__department__edition=edition, kind=ReadingKind.PLANNED
        ).values_list("juror__department_id", flat=True)
    )
    jurors: dict[int, list[Juror]] = {department.pk: [] for department in departments}
    for juror in seated:
        jurors[juror.department_id].append(juror)
    return [
        JuryOfEdition(
            department=department,
            jurors=jurors[department.pk],
            never_came=sum(juror.pk in never_came for juror in jurors[department.pk]),
            without_badge=sum(juror.pk in without for juror in jurors[department.pk]),
            has_plan=department.pk in planned,
        )
        for department in departments
    ]


def without_badge(edition: Edition, *, apart_from: UUID | None = None) -> set[int]:
    """Seated jurors by primary key. A badge of the key `apart_from` does not count."""
    badges = Badge.objects.filter(voided_at=None)
    if apart_from is not None:
        badges = badges.exclude(key=apart_from)
    seated = Juror.objects.seated().filter(department__edition=edition)
    return set(seated.exclude(badges__in=badges).values_list("pk", flat=True))
