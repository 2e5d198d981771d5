from celery import shared_task

from hackathon.base.core import clock
from hackathon.extras.emergency import services


@shared_task
def escalate() -> None:
    services.escalate(at=clock.now())


@shared_task
def forget_texts() -> None:
    services.forget_texts(at=clock.now())
