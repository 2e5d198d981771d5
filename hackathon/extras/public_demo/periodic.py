from celery import shared_task
from django.conf import settings

from hackathon.base.core import clock
from hackathon.extras.public_demo import services


@shared_task
def reset_if_due() -> None:
    if settings.PUBLIC_DEMO:
        services.reset_if_due(at=clock.now())
