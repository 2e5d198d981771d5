from celery import shared_task

from hackathon.core import clock
from hackathon.core.background import enqueue
from hackathon.editions.models import Edition
from hackathon.editions.packages import selectors
from hackathon.editions.packages import services as packages
from hackathon.editions.packages.tasks import make_package
from hackathon.editions.services import notices


@shared_task
def give_notices() -> None:
    if (edition := Edition.objects.current()) is not None:
        notices.give_due(edition, at=clock.now())


@shared_task
def unlock_packages() -> None:
    at = clock.now()
    for pk in selectors.packages_to_unlock(at=at):
        packages.unlock(pk=pk, at=at)


@shared_task
def make_packages() -> None:
    at = clock.now()
    for pk in selectors.packages_to_remove(at=at):
        packages.remove(pk=pk)
    if (edition := Edition.objects.current()) is not None:
        for department_pk in selectors.departments_without_package(edition, at=at):
            enqueue(make_package, department_pk)
