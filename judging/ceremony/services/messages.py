"""All services lock the edition. A running ceremony stays at its step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services.guard import lock_for
from judging.ceremony.services.steps import keeping_step
from judging.models import CeremonyMessage


@transaction.atomic
def save(
    *,
    edition: Edition,
    message: CeremonyMessage | None = None,
    by: User,
    at: datetime,
    **values: Any,
) -> CeremonyMessage:
    """`values`: anchor, department, position, title, text, partner. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    message = message or CeremonyMessage(edition=edition)
    with keeping_step(edition, at=at):
        for name, value in values.items():
            setattr(message, name, value)
        message.save()
    journal.record("message.saved", message, by=by, at=at, title=message.title)
    return message


@transaction.atomic
def delete(*, message: CeremonyMessage, by: User, at: datetime) -> None:
    """Not the one that is on the screens. Raises `Refused`."""
    edition = lock_for(by, message.edition_id)
    journal.record("message.deleted", message, by=by, at=at, title=message.title)
    with keeping_step(edition, at=at):
        message.delete()


def copy(source: Edition, clone: Edition, department_map: Mapping[int, Department]) -> None:
    """Partners are named alike in the clone."""
    partners = {partner.name: partner for partner in clone.partners.all()}
    for message in CeremonyMessage.objects.filter(edition=source).select_related("partner"):
        if message.department_id is not None and message.department_id not in department_map:
            continue
        CeremonyMessage.objects.create(
            edition=clone,
            anchor=message.anchor,
            department=department_map.get(message.department_id or 0),
            position=message.position,
            title=message.title,
            text=message.text,
            partner=partners.get(message.partner.name) if message.partner else None,
        )
