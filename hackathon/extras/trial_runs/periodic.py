from celery import shared_task

from hackathon.base.core import clock
from hackathon.extras.trial_runs import services


@shared_task
def end_interrupted() -> None:
    services.end_interrupted(at=clock.now())
