from typing import Any

from django.dispatch import receiver

from hackathon.event.appearance import services
from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import edition_cloned


@receiver(edition_cloned)
def copy_pictures(source: Edition, clone: Edition, **_more: Any) -> None:
    services.copy(source, clone)
