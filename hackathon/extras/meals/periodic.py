from celery import shared_task

from hackathon.base.core import clock
from hackathon.extras.meals import services


@shared_task
def forget_needs() -> None:
    services.forget_needs(at=clock.now())
