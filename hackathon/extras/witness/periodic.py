from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.extras.witness import tasks
from hackathon.extras.witness.selectors import due_stamps


@shared_task
def ask_again() -> None:
    for pk in due_stamps(at=clock.now()):
        enqueue(tasks.stamp, pk)
