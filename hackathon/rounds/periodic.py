from celery import shared_task

from hackathon.core import clock
from hackathon.rounds import selectors, services


@shared_task
def notify_of_due_check_ins() -> None:
    at = clock.now()
    for pk in selectors.check_ins_to_notify_of(at=at):
        services.notify_of(pk=pk, at=at)
