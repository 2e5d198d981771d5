from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.editions.enums import ClonedPart
from hackathon.editions.models import Edition
from hackathon.editions.signals import edition_cloned
from teams.services import rooms


@receiver(edition_cloned)
def copy_rooms(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[ClonedPart], **_: Any
) -> None:
    if ClonedPart.ROOMS in parts:
        rooms.copy(source=source, to=clone)
