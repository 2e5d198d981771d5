from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import edition_cloned
from hackathon.extras.meals import services


@receiver(edition_cloned)
def copy_meals(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[str], **_: Any
) -> None:
    if "meals" in parts:
        services.copy(source=source, to=clone)
