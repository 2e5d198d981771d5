from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions import live, moves, program, rules
from hackathon.event.editions.models import Edition, Milestone
from hackathon.event.editions.services.guard import lock_for

FROZEN = ["registration_frozen_at", "registration_frozen_reason"]
MOVABLE = (*rules.INSTANTS, "grace_seconds", "late_policy", "promise_minutes")


@transaction.atomic
def move(*, edition: Edition, instants: Mapping[str, Any], by: User, at: datetime) -> Edition:
    """The keys of `instants` are in `MOVABLE`. Raises ValueError, `Refused`."""
    if unknown := set(instants) - set(MOVABLE):
        raise ValueError(f"Not instants of an edition: {', '.join(sorted(unknown))}")
    edition = lock_for(by, edition.pk)
    before = journal.state(edition, MOVABLE)
    rules.apply_move(edition, dict(instants))
    changed = [name for name in MOVABLE if getattr(edition, name) != before[name]]
    check(rules.schedule_refusal(edition, at=at))
    if changed:
        edition.save(update_fields=changed)
        changes = journal.changes(before, edition)
        journal.record("edition.moved", edition, by=by, at=at, changes=changes)
        live.edition_changed(edition, changed=changed, at=at)
    return edition


@transaction.atomic
def move_day(*, edition: Edition, to: datetime, by: User, at: datetime) -> None:
    """The launch moves to `to`, and all that is to come as much, in local time. Locks the edition
    and its departments. Raises `Refused`.
    """
    edition = lock_for(by, edition.pk)
    # Under these locks deliverables are written.
    list(edition.departments.select_for_update(no_key=True).order_by("pk"))
    lines = program.lines_of(edition)
    check(program.refusal(edition, lines, to, at=at))
    coming = [instant for line in lines for instant in line.instants if instant.at > at]
    later = [(instant, program.moved(edition, instant.at, to)) for instant in coming]
    if to > edition.starts_at:
        later.reverse()  # two of one row or table keep their order meanwhile
    before = journal.state(edition, rules.INSTANTS)
    for instant, moved in later:
        setattr(instant.row, instant.name, moved)
        # Nothing if somebody has deleted it meanwhile.
        rows = type(instant.row)._base_manager.filter(pk=instant.row.pk)
        rows.update(**{instant.name: moved})
    check(rules.schedule_refusal(edition, at=at))
    changes = journal.changes(before, edition)
    journal.record("day.moved", edition, by=by, at=at, n=len(later), changes=changes)
    live.edition_changed(edition, changed=[*changes, "milestones"], at=at)
    for tell in dict.fromkeys(instant.tell for instant in coming if instant.tell):
        tell(at=at)


@transaction.atomic
def save_milestone(
    *,
    edition: Edition,
    kind: str,
    label: str,
    milestone_at: datetime,
    by: User,
    at: datetime,
    milestone: Milestone | None = None,
) -> Milestone:
    edition = lock_for(by, edition.pk)
    check(rules.schedule_refusal(edition, at=at))
    act = "milestone.added" if milestone is None else "milestone.changed"
    milestone = milestone or Milestone(edition=edition)
    before = journal.state(milestone, ("kind", "label", "at")) if milestone.pk else {}
    milestone.kind, milestone.label, milestone.at = kind, label, milestone_at
    milestone.save()
    detail = {"label": label, "milestone_at": milestone_at.isoformat()}
    changes = journal.changes(before, milestone)
    journal.record(act, milestone, by=by, at=at, **detail, changes=changes)
    live.edition_changed(edition, changed=["milestones"], at=at)
    return milestone


@transaction.atomic
def delete_milestone(*, milestone: Milestone, by: User, at: datetime) -> None:
    edition = lock_for(by, milestone.edition_id)
    check(rules.schedule_refusal(edition, at=at))
    detail = {"kind": milestone.kind, "milestone_at": milestone.at.isoformat()}
    journal.record("milestone.deleted", milestone, by=by, at=at, label=milestone.label, **detail)
    milestone.delete()
    live.edition_changed(edition, changed=["milestones"], at=at)


@transaction.atomic
def freeze_registration(
    *, edition: Edition, frozen: bool, reason: str = "", by: User, at: datetime
) -> None:
    """Idempotent: the first reason stays. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    if frozen == rules.registration_is_frozen(edition, at=at):
        return
    edition.registration_frozen_at = at if frozen else None
    edition.registration_frozen_reason = reason.strip() if frozen else ""
    edition.save(update_fields=FROZEN)
    act = "registration.frozen" if frozen else "registration.unfrozen"
    journal.record(act, edition, by=by, at=at, reason=edition.registration_frozen_reason)
    live.edition_changed(edition, changed=FROZEN, at=at)


@transaction.atomic
def undo(*, edition: Edition, entry_pk: int, by: User, at: datetime) -> None:
    """Takes back the last move of the calendar, `entry_pk` of the journal. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    last = moves.undoable(edition, at=at)
    check(rules.undo_refusal(is_last=last is not None and last.entry.pk == entry_pk))
    assert last is not None
    entry = last.entry
    target: Edition | Milestone = edition
    if entry.act == "milestone.deleted":
        _bring_back(edition, entry, by=by, at=at)
        return
    if entry.act == "milestone.changed":
        target = Milestone.objects.get(pk=entry.target.rpartition(":")[2])
    before = journal.state(target, entry.detail["changes"])
    for name, (value, _after) in entry.detail["changes"].items():
        setattr(target, name, target._meta.get_field(name).to_python(value))  # type: ignore[union-attr]
    check(rules.schedule_refusal(edition, at=at))
    target.save(update_fields=list(before))
    changes = journal.changes(before, target)
    journal.record("move.undone", target, by=by, at=at, undone=entry.pk, changes=changes)
    changed = list(before) if target is edition else ["milestones"]
    live.edition_changed(edition, changed=changed, at=at)


def _bring_back(edition: Edition, deleted: JournalEntry, *, by: User, at: datetime) -> None:
    check(rules.schedule_refusal(edition, at=at))
    detail = deleted.detail
    milestone = Milestone.objects.create(
        edition=edition, kind=detail["kind"], label=detail["label"], at=detail["milestone_at"]
    )
    journal.record("move.undone", milestone, by=by, at=at, undone=deleted.pk)
    live.edition_changed(edition, changed=["milestones"], at=at)
