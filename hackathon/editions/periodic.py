"""What the clock brings: reads it once and calls a service for each thing that is due."""

from celery import shared_task

from hackathon.core import clock
from hackathon.core.background import enqueue
from hackathon.editions.models import Edition
from hackathon.editions.packages import selectors as to_pack
from hackathon.editions.packages import services as packages
from hackathon.editions.packages import tasks
from hackathon.editions.services import notices


@shared_task
def give_notices() -> None:
    """Tell everybody how near the deadline is, once each."""
    if (edition := Edition.objects.current()) is not None:
        notices.give_due(edition, at=clock.now())


@shared_task
def unlock_packages() -> None:
    """Tell the keys of the packages whose brief is out."""
    at = clock.now()
    for pk in to_pack.untold_packages(at=at):
        packages.unlock(pk=pk, at=at)


@shared_task
def pack_briefs() -> None:
    """Have packages made of briefs that were written or changed, and remove those of the past."""
    at = clock.now()
    for pk in to_pack.forgotten_packages(at=at):
        packages.forget(pk=pk)
    if (edition := Edition.objects.current()) is not None:
        for department_pk in to_pack.unpacked_departments(edition, at=at):
            enqueue(tasks.pack, department_pk)
