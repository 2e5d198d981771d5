from celery import shared_task

from hackathon.base.core import clock
from hackathon.event.imports import services


@shared_task
def forget_drafts() -> None:
    services.forget_drafts(at=clock.now())
