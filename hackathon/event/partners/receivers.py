from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import edition_cloned
from hackathon.event.partners import services


@receiver(edition_cloned)
def copy_partners(
    source: Edition, clone: Edition, parts: Collection[ClonedPart], **_more: Any
) -> None:
    if ClonedPart.CLIENT in parts:
        services.copy(source, clone)
