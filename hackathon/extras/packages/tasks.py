from celery import shared_task

from hackathon.base.core import clock
from hackathon.extras.packages import services


@shared_task
def make_package(department_pk: int) -> None:
    services.make(department_pk, at=clock.now())
