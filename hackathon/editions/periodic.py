"""What the clock brings: reads it once and calls a service for each thing that is due."""

from celery import shared_task

from hackathon.core import clock
from hackathon.editions.models import Edition
from hackathon.editions.services import notices


@shared_task
def give_notices() -> None:
    """Tell everybody how near the deadline is, once each."""
    if (edition := Edition.objects.current()) is not None:
        notices.give_due(edition, at=clock.now())
