from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.editions.models import Edition
from hackathon.editions.signals import edition_cloned
from hackathon.extras.favourite import services


@receiver(edition_cloned)
def copy_favourite(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[str], **_: Any
) -> None:
    if "favourite" in parts:
        services.copy(source, clone)
