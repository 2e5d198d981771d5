from celery import shared_task

from hackathon.accounts import services
from hackathon.core import clock


@shared_task
def forget_credentials() -> None:
    services.forget_credentials(at=clock.now())
