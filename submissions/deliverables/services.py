from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max

from hackathon.base.accounts.models import User
from hackathon.base.core import journal, ordering
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import local_delay, shifted
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services import tables
from submissions import live, signals
from submissions.deliverables import rules
from submissions.deliverables.selectors import deck_of, find_deliverable
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Upload
from submissions.versions.progress import TeamProgress, progress_of

COPIED = (
    *("name", "description", "kind", "formats", "max_bytes", "required"),
    *("opens_at", "due_at", "has_grace", "is_deck"),
)


@transaction.atomic
def save(
    department: Department,
    *,
    deliverable: Deliverable | None = None,
    by: User,
    at: datetime,
    **fields: Any,
) -> Deliverable:
    """`fields` are validated. The kind may not change after teams have handed it in. Locks the
    department, of which one deliverable is the deck. Raises `Refused`.
    """
    edition = department.edition
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    before = progress_of(edition, department)
    if deliverable is not None:
        deliverable = Deliverable.objects.select_for_update().get(
            pk=deliverable.pk, department=department
        )
    kind = fields.get("kind", deliverable.kind if deliverable else "")
    check(
        rules.deliverable_refusal(
            deliverable,
            kind=kind,
            has_submissions=deliverable is not None and deliverable.submissions.exists(),
            organizer=is_organizer(by, edition),
        )
    )
    instants = rules.instants_of(deliverable or Deliverable())
    given = {name: fields[name] for name in instants._fields if name in fields}
    instants = instants._replace(**given)
    name = fields.get("name") or (deliverable.name if deliverable else "")
    check(rules.instants_refusal(edition, deliverable, instants, name=name, at=at))
    if fields.get("is_deck") and (deck := deck_of(department)) != deliverable:
        check(rules.deck_refusal(deck))
    if kind != DeliverableKind.FILE:
        fields["formats"] = []
    act = "deliverable.changed" if deliverable else "deliverable.added"
    if deliverable is None:
        fields.setdefault("position", _next_position(department))
        deliverable = Deliverable(department=department)
    former = journal.state(deliverable, fields) if deliverable.pk else {}
    for name, value in fields.items():
        setattr(deliverable, name, value)
    deliverable.save()
    changes = journal.changes(former, deliverable)
    journal.record(act, deliverable, by=by, at=at, name=deliverable.name, changes=changes)
    _publish(department, before, at=at)
    return deliverable


@transaction.atomic
def delete(deliverable: Deliverable, *, by: User, at: datetime) -> None:
    """Raises `Refused` once a team has handed it in."""
    deliverable = (
        Deliverable.objects.select_for_update(of=("self",))
        .select_related("department__edition")
        .get(pk=deliverable.pk)
    )
    department = deliverable.department
    before = progress_of(department.edition, department)
    check(
        rules.delete_refusal(
            has_submissions=_is_used(deliverable),
            organizer=is_organizer(by, department.edition),
        )
    )
    journal.record("deliverable.deleted", deliverable, by=by, at=at, name=deliverable.name)
    signals.deliverable_deleting.send(Deliverable, deliverable=deliverable)
    deliverable.delete()
    _publish(department, before, at=at)


def _is_used(deliverable: Deliverable) -> bool:
    # Uploads would be deleted with it.
    uploads = Upload.objects.filter(deliverable=deliverable, submission=None)
    return deliverable.submissions.exists() or uploads.exists()


@transaction.atomic
def move(deliverable: Deliverable, *, up: bool, by: User, at: datetime) -> None:
    """Locks the department and renumbers its list. Raises `Refused`."""
    department = Department.objects.select_for_update().get(pk=deliverable.department_id)
    organizer = is_organizer(by, department.edition)
    check(
        rules.deliverable_refusal(
            deliverable, kind=deliverable.kind, has_submissions=False, organizer=organizer
        )
    )
    rows = Deliverable.objects.filter(department=department)
    if (position := ordering.move(rows, deliverable, up=up)) is None:
        return
    detail = {"name": deliverable.name, "position": position}
    journal.record("deliverable.moved", deliverable, by=by, at=at, **detail)
    live.deliverables_changed(department, at=at)


def _save_row(change: tables.Change, *, by: User, at: datetime) -> None:
    deliverable = find_deliverable(change.department, change.row.pk)
    if change.row.values is not None:
        values = change.row.values_for(deliverable)
        save(change.department, deliverable=deliverable, by=by, at=at, **values)
    elif deliverable is not None:
        delete(deliverable, by=by, at=at)


def _copy_to(source: Department, target: Department, *, by: User, at: datetime) -> tables.Copied:
    def add(original: Deliverable) -> None:
        values = {name: getattr(original, name) for name in COPIED}
        values["is_deck"] = original.is_deck and deck_of(target) is None
        save(target, by=by, at=at, **values)

    existing = target.deliverables.all()
    over = [each.name for each in source.deliverables.filter(due_at__lte=at)]
    originals = source.deliverables.exclude(due_at__lte=at)
    copied = tables.copy_missing(target, originals, existing, add)
    copied.over.extend(over)
    return copied


save_table = partial(tables.write, save=_save_row, copy=_copy_to)


def copy(source: Edition, clone: Edition, departments: dict[int, Department]) -> None:
    """`departments` is by the id of the original. Own instants move as those of the edition."""
    delay = local_delay(source.starts_at, clone.starts_at, source.zone)

    def values_of(original: Deliverable) -> dict[str, Any]:
        values = {name: getattr(original, name) for name in COPIED}
        for name in ("opens_at", "due_at"):
            if (instant := values[name]) is not None:
                values[name] = shifted(instant, delay, source.zone)
        return values

    Deliverable.objects.bulk_create(
        Deliverable(
            department=departments[original.department_id],
            position=original.position,
            **values_of(original),
        )
        for original in Deliverable.objects.filter(department__in=departments)
    )


def _next_position(department: Department) -> int:
    last = department.deliverables.aggregate(last=Max("position"))["last"]
    return 1 if last is None else last + 1


def _publish(department: Department, before: list[TeamProgress], *, at: datetime) -> None:
    live.deliverables_changed(department, at=at)
    states = {p.team.pk: p.state for p in before}
    for now in progress_of(department.edition, department):
        if now.state != states.get(now.team.pk):
            live.progress_changed(now.team, now.state, at=at)
