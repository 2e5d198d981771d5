"""News from the apps below."""

from typing import Any

from django.dispatch import receiver

from hackathon.core.background import enqueue
from hackathon.dashboard import tasks
from hackathon.editions.models import Announcement
from hackathon.editions.signals import announcement_mailed


@receiver(announcement_mailed)
def mail_announcement(sender: Any, *, announcement: Announcement, **_: Any) -> None:
    """A copy for each person of the audience: who they are is known up here."""
    enqueue(tasks.mail_announcement, announcement.pk, announcement.revision)
