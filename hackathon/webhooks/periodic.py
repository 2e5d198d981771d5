from celery import shared_task

from hackathon.core import clock
from hackathon.core.background import enqueue
from hackathon.webhooks import tasks
from hackathon.webhooks.selectors import due_deliveries


@shared_task
def deliver_due() -> None:
    for pk in due_deliveries(at=clock.now()):
        enqueue(tasks.deliver, str(pk))
