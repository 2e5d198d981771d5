"""Live messages are rows of the change's transaction: what is rolled back is not reported."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from hackathon.base.core.models import LiveMessage
from hackathon.extras.webhooks import services
from hackathon.extras.webhooks.enums import TOPICS


@receiver(post_save, sender=LiveMessage)
def message_published(instance: LiveMessage, created: bool, **_: Any) -> None:
    if created and instance.type in TOPICS:
        services.report(instance.type, instance.data, at=instance.at)
