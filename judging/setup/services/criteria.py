from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal, ordering
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services import tables
from judging import live, locks
from judging.jury.selectors import (
    criteria_of,
    find_criterion,
    is_closed,
    is_president,
    scoring_has_begun,
)
from judging.models import Criterion, Deliberation, Score, Signature
from judging.scales import SCALES
from judging.setup import rules

COPIED = ("name", "guidance", "weight", "scale", "position")


@transaction.atomic
def save(
    *,
    department: Department,
    criterion: Criterion | None = None,
    name: str,
    by: User,
    at: datetime,
    **values: Any,
) -> Criterion:
    """Without `criterion` a new one is added. `values`: other fields of `COPIED`."""
    _check(department, by)
    criterion = criterion or Criterion(department=department)
    before = journal.state(criterion, COPIED) if criterion.pk else {}
    criterion.name = name
    for field in values.keys() & {*COPIED}:
        setattr(criterion, field, values[field])
    criterion.save()
    detail = {
        "name": name,
        "weight": criterion.weight,
        "changes": journal.changes(before, criterion),
    }
    journal.record("criterion.saved", criterion, by=by, at=at, **detail)
    live.jury_changed(department, at=at)
    return criterion


@transaction.atomic
def delete(*, criterion: Criterion, by: User, at: datetime) -> None:
    _check(criterion.department, by)
    journal.record("criterion.deleted", criterion, by=by, at=at, name=criterion.name)
    live.jury_changed(criterion.department, at=at)
    criterion.delete()


@transaction.atomic
def move(*, criterion: Criterion, up: bool, by: User, at: datetime) -> None:
    department = criterion.department
    _check(department, by)
    position = ordering.move(Criterion.objects.filter(department=department), criterion, up=up)
    if position is None:
        return
    detail = {"name": criterion.name, "position": position}
    journal.record("criterion.moved", criterion, by=by, at=at, **detail)
    live.jury_changed(department, at=at)


@transaction.atomic
def amend(
    *,
    criterion: Criterion,
    name: str,
    weight: int,
    scale: int,
    guidance: str,
    reason: str,
    by: User,
    at: datetime,
) -> Criterion:
    """Changes a criterion that has marks. The new scale must contain all of them.

    A new weight or scale deletes signatures and the confirmed order, which were for other marks.
    """
    department = locks.jury(criterion.department_id)
    criterion = Criterion.objects.get(pk=criterion.pk)
    reason = " ".join(reason.split())
    values = Score.objects.filter(criterion=criterion).values_list("value", flat=True).distinct()
    check(
        rules.amendment_refusal(
            criterion,
            scale=scale,
            reason=reason,
            president=is_president(by, department),
            above=not all(SCALES[scale].accepts(value) for value in values),
            closed=is_closed(department, at=at),
        )
    )
    new = {"name": name, "weight": weight, "scale": scale, "guidance": guidance}
    changed = [field for field, value in new.items() if getattr(criterion, field) != value]
    if not changed:
        return criterion
    before = journal.state(criterion, changed)
    for field in changed:
        setattr(criterion, field, new[field])
    criterion.save(update_fields=changed)
    detail = {"name": criterion.name, "changes": journal.changes(before, criterion)}
    journal.record("criterion.amended", criterion, by=by, at=at, **detail, reason=reason)
    if {"weight", "scale"} & set(changed):
        Signature.objects.filter(deliberation__department=department).delete()
        Deliberation.objects.filter(department=department).update(order_confirmed=False)
    live.jury_changed(department, at=at)
    return criterion


def _save_row(change: tables.Change, *, by: User, at: datetime) -> None:
    criterion = find_criterion(change.department, change.row.pk)
    if change.row.values is None:
        if criterion is not None:
            delete(criterion=criterion, by=by, at=at)
        return
    before = {name: getattr(criterion, name) for name in COPIED} if criterion else {}
    values = {"position": next_position(change.department), **before}
    values |= change.row.values_for(criterion)
    save(department=change.department, criterion=criterion, by=by, at=at, **values)


def _copy_to(source: Department, target: Department, *, by: User, at: datetime) -> tables.Copied:
    def add(original: Criterion) -> None:
        values = {name: getattr(original, name) for name in COPIED}
        values["position"] = next_position(target)
        save(department=target, by=by, at=at, **values)

    _check(target, by)
    return tables.copy_missing(target, criteria_of(source), criteria_of(target), add)


save_table = partial(tables.write, save=_save_row, copy=_copy_to)


def next_position(department: Department) -> int:
    return 1 + max((criterion.position for criterion in criteria_of(department)), default=0)


@transaction.atomic
def copy(*, source: Edition, department_map: Mapping[int, Department]) -> None:
    """`department_map` is by the id of the source."""
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
