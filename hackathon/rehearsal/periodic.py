from celery import shared_task

from hackathon.core import clock
from hackathon.rehearsal import services


@shared_task
def end_interrupted() -> None:
    services.end_interrupted(at=clock.now())
