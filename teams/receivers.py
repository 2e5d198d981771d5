from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.base.accounts.models import User
from hackathon.base.accounts.signals import user_renamed
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.signals import edition_cloned
from teams.services import duties, membership, rooms


@receiver(edition_cloned)
def copy_rooms_and_duties(
    sender: Any,
    *,
    source: Edition,
    clone: Edition,
    parts: Collection[ClonedPart],
    department_map: dict[int, Department],
    **_: Any,
) -> None:
    if ClonedPart.ROOMS in parts:
        rooms.copy(source=source, to=clone)
    if ClonedPart.ORGANIZERS in parts:
        duties.copy(source=source, to=clone, departments=department_map)


@receiver(user_renamed)
def keep_certificate_names(
    sender: Any, *, user: User, former: str, edition: Edition | None, at: datetime, **_: Any
) -> None:
    membership.keep_certificate_names(user, former, by_edition=edition, at=at)
