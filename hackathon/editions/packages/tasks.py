"""What may be late: packages of briefs, which nobody waits for."""

from celery import shared_task

from hackathon.core import clock
from hackathon.editions.packages import packing


@shared_task
def pack(department_pk: int) -> None:
    """Make the department's package, if it lacks one of its brief as it is."""
    packing.pack(department_pk, at=clock.now())
