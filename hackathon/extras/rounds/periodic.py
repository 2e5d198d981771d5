from celery import shared_task

from hackathon.base.core import clock
from hackathon.extras.rounds import services


@shared_task
def notify_of_due_check_ins() -> None:
    services.notify_of_due(at=clock.now())
