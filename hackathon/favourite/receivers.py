from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.editions.enums import ClonedPart
from hackathon.editions.models import Edition
from hackathon.editions.signals import edition_cloned
from hackathon.favourite import services


@receiver(edition_cloned)
def copy_favourite(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[ClonedPart], **_: Any
) -> None:
    if ClonedPart.DEPARTMENTS in parts:  # like the messages of the ceremony
        services.copy(source, clone)
