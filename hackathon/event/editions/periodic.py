from celery import shared_task

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import notices


@shared_task
def give_notices() -> None:
    if (edition := Edition.objects.current()) is not None:
        notices.give_due(edition, at=clock.now())
