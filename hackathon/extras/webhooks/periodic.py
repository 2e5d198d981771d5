from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.extras.webhooks import services, tasks
from hackathon.extras.webhooks.selectors import due_deliveries


@shared_task
def deliver_due() -> None:
    for pk in due_deliveries(at=clock.now()):
        enqueue(tasks.deliver, str(pk))


@shared_task
def forget_log() -> None:
    services.forget_log(at=clock.now())
