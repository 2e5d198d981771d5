from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.event.editions.models import Edition
from hackathon.extras.packages import selectors, services
from hackathon.extras.packages.tasks import make_package


@shared_task
def unlock_packages() -> None:
    at = clock.now()
    for pk in selectors.packages_to_unlock(at=at):
        services.unlock(pk=pk, at=at)


@shared_task
def make_packages() -> None:
    """Packages that no edition needs any more are removed also where they are off."""
    at = clock.now()
    for pk in selectors.packages_to_remove(at=at):
        services.remove(pk=pk)
    if (edition := Edition.objects.current()) is not None:
        for department_pk in selectors.departments_without_package(edition, at=at):
            enqueue(make_package, department_pk)
