from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.day.stage import live
from hackathon.day.stage.models import Projector, new_key
from hackathon.day.stage.projectors import rules
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for


@transaction.atomic
def save(
    *,
    edition: Edition,
    projector: Projector | None = None,
    name: str,
    room: str,
    by: User,
    at: datetime,
) -> Projector:
    """Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    others = edition.projectors.exclude(pk=projector.pk if projector else 0)
    names = list(others.values_list("name", flat=True))
    check(rules.projector_refusal(name, others=names, is_new=projector is None))
    if projector is None:
        projector = Projector.objects.create(
            edition=edition, name=name, room=room, created_at=at, created_by=by
        )
        journal.record("projector.added", projector, by=by, at=at, name=name)
    else:
        before = journal.state(projector, ["name", "room"])
        projector.name, projector.room = name, room
        projector.save(update_fields=["name", "room"])
        changes = journal.changes(before, projector)
        if not changes:
            return projector
        journal.record(
            "projector.changed", projector, by=by, at=at, name=before["name"], changes=changes
        )
    live.projector_changed(edition, at=at)
    return projector


@transaction.atomic
def renew(*, projector: Projector, by: User, at: datetime) -> Projector:
    """Other addresses: who knows the former ones has no access any more."""
    edition = lock_for(by, projector.edition_id)
    projector.key, projector.ready_key = new_key(), new_key()
    projector.ready_at = projector.reported_at = None
    projector.save(update_fields=["key", "ready_key", "ready_at", "reported_at"])
    journal.record("projector.renewed", projector, by=by, at=at, name=projector.name)
    live.projector_changed(edition, at=at)
    return projector


@transaction.atomic
def remove(*, projector: Projector, by: User, at: datetime) -> None:
    edition = lock_for(by, projector.edition_id)
    journal.record("projector.removed", projector, by=by, at=at, name=projector.name)
    projector.delete()
    live.projector_changed(edition, at=at)


def copy(source: Edition, clone: Edition, *, by: User, at: datetime) -> None:
    """With addresses of their own."""
    Projector.objects.bulk_create(
        Projector(edition=clone, name=old.name, room=old.room, created_at=at, created_by=by)
        for old in source.projectors.all()
    )
