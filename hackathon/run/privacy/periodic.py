from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.run.privacy import selectors, tasks
from hackathon.run.privacy.services import anonymisation, unused


@shared_task
def anonymise_due() -> None:
    for edition in selectors.editions_due(at=clock.now()):
        enqueue(tasks.anonymise, edition.pk)
    for interrupted in selectors.interrupted():
        anonymisation.clean(interrupted, at=clock.now())


@shared_task
def close_unused() -> None:
    for pk in unused.close_unused(at=clock.now()):
        enqueue(tasks.mail_closing, pk)
