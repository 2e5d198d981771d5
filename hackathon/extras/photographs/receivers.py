from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from hackathon.extras.photographs import services
from hackathon.extras.photographs.models import Photograph


@receiver(post_delete, sender=Photograph)
def forget_files(sender: Any, *, instance: Photograph, **_: Any) -> None:
    """Also when a person is erased, an edition anonymised or deleted."""
    services.forget_files(instance)
