"""What a jury marks on. It does not change once somebody has been marked on it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import is_organizer
from judging import live, rules
from judging.models import Criterion
from judging.selectors import scoring_has_begun
from judging.services import locks

COPIED = ("name", "guidance", "weight", "scale", "position")


@transaction.atomic
def save(
    *,
    department: Department,
    criterion: Criterion | None = None,
    name: str,
    weight: int = 1,
    scale: int = 20,
    guidance: str = "",
    position: int = 0,
    by: User,
    at: datetime,
) -> Criterion:
    """Add a criterion, or replace all of this one's fields. Shape is the caller's to check."""
    _check(department, by)
    criterion = criterion or Criterion(department=department)
    criterion.name = name
    criterion.weight = weight
    criterion.scale = scale
    criterion.guidance = guidance
    criterion.position = position
    criterion.save()
    journal.record(
        "criterion.saved", criterion, by=by, at=at, name=name, weight=weight, scale=scale
    )
    live.jury_changed(department, at=at)
    return criterion


@transaction.atomic
def delete(*, criterion: Criterion, by: User, at: datetime) -> None:
    """Take a criterion away."""
    _check(criterion.department, by)
    journal.record("criterion.deleted", criterion, by=by, at=at, name=criterion.name)
    live.jury_changed(criterion.department, at=at)
    criterion.delete()


@transaction.atomic
def copy(*, source: Edition, department_map: Mapping[int, Department]) -> None:
    """Give the departments of a cloned edition the criteria of those they come from, by old id."""
    Criterion.objects.bulk_create(
        Criterion(
            department=department_map[criterion.department_id],
            **{field: getattr(criterion, field) for field in COPIED},
        )
        for criterion in Criterion.objects.filter(department__edition=source)
        if criterion.department_id in department_map
    )


def _check(department: Department, by: User) -> None:
    locked = locks.jury(department.pk)
    organizer = is_organizer(by, locked.edition)
    check(rules.criteria_refusal(organizer=organizer, begun=scoring_has_begun(locked)))
