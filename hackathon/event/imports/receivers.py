from typing import Any

from django.dispatch import receiver

from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import edition_cloned
from hackathon.event.imports import services


@receiver(edition_cloned)
def copy_mappings(sender: Any, *, source: Edition, clone: Edition, **_: Any) -> None:
    services.copy_mappings(source=source, clone=clone)
