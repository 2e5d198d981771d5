from celery import shared_task

from hackathon.base.accounts import services
from hackathon.base.core import clock


@shared_task
def forget_credentials() -> None:
    services.forget_credentials(at=clock.now())
