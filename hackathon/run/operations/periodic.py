from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.run.operations import heartbeats, tasks
from hackathon.run.operations.backup.selectors import backup_is_due


@shared_task
def forget_heartbeats() -> None:
    """Of processes that ended more than a day ago."""
    heartbeats.forget_old()


@shared_task
def back_up_if_due() -> None:
    """Asks each minute: so a backup that failed is tried again, and none is forgotten if beat was
    dead at its time.
    """
    if backup_is_due(at=clock.now()):
        enqueue(tasks.back_up)
