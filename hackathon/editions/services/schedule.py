from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions import live, moves, rules
from hackathon.editions.models import Edition, Milestone
from hackathon.editions.services.guard import lock_for

FROZEN = ["registration_frozen_at", "registration_frozen_reason"]
MOVABLE = (*rules.INSTANTS, "grace_seconds", "late_policy")


@transaction.atomic
def move(*, edition: Edition, instants: Mapping[str, Any], by: User, at: datetime) -> Edition:
    """The keys of `instants` are in `MOVABLE`. Raises ValueError, `Refused`."""
    if unknown := set(instants) - set(MOVABLE):
        raise ValueError(f"Not instants of an edition: {', '.join(sorted(unknown))}")
    edition = lock_for(by, edition.pk)
    before = {name: getattr(edition, name) for name in MOVABLE}
    rules.apply_move(edition, dict(instants))
    changed = [name for name in MOVABLE if getattr(edition, name) != before[name]]
    check(rules.schedule_refusal(edition, at=at))
    if changed:
        edition.save(update_fields=changed)
        detail = {name: [str(before[name]), str(getattr(edition, name))] for name in changed}
        journal.record("edition.moved", edition, by=by, at=at, edition=edition.pk, **detail)
        live.edition_changed(edition, changed=changed, at=at)
    return edition


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
    detail: dict[str, Any] = {"edition": edition.pk, "label": label}
    if milestone is None:
        act, milestone = "milestone.added", Milestone(edition=edition)
    else:
        act, detail["before"] = "milestone.changed", _state_of(milestone)
    milestone.kind, milestone.label, milestone.at = kind, label, milestone_at
    milestone.save()
    detail["milestone_at"] = str(milestone_at)
    journal.record(act, milestone, by=by, at=at, **detail)
    live.edition_changed(edition, changed=["milestones"], at=at)
    return milestone


@transaction.atomic
def delete_milestone(*, milestone: Milestone, by: User, at: datetime) -> None:
    edition = lock_for(by, milestone.edition_id)
    check(rules.schedule_refusal(edition, at=at))
    detail = {"edition": edition.pk, "label": milestone.label}
    journal.record("milestone.deleted", milestone, by=by, at=at, **detail)
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
    detail: dict[str, Any] = {"edition": edition.pk, "undone": entry.pk}
    if entry.act == "edition.moved":
        changed = [name for name in MOVABLE if name in entry.detail]
        for name in changed:
            before, after = entry.detail[name]
            setattr(edition, name, Edition._meta.get_field(name).to_python(before))  # type: ignore[union-attr]
            detail[name] = [after, before]
        check(rules.schedule_refusal(edition, at=at))
        edition.save(update_fields=changed)
    else:
        changed = ["milestones"]
        check(rules.schedule_refusal(edition, at=at))
        milestone = Milestone.objects.get(pk=entry.target.rpartition(":")[2])
        for name, value in entry.detail["before"].items():
            setattr(milestone, name, Milestone._meta.get_field(name).to_python(value))  # type: ignore[union-attr]
        milestone.save()
        detail |= {"label": milestone.label, "milestone_at": str(milestone.at)}
    journal.record("move.undone", edition, by=by, at=at, **detail)
    live.edition_changed(edition, changed=changed, at=at)


def _state_of(milestone: Milestone) -> dict[str, str]:
    return {"kind": milestone.kind, "label": milestone.label, "at": str(milestone.at)}
