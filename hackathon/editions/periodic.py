"""What the clock brings: reads it once and calls a service for each thing that is due."""

from celery import shared_task

from hackathon.core import clock
from hackathon.editions import selectors
from hackathon.editions.models import Edition
from hackathon.editions.services import announcements, notices


@shared_task
def tell_due_announcements() -> None:
    """Tell open pages of the announcements whose instant has come."""
    at = clock.now()
    for pk in selectors.untold_announcements(at=at):
        announcements.tell(pk=pk, at=at)


@shared_task
def give_notices() -> None:
    """Tell everybody how near the deadline is, once each."""
    if (edition := Edition.objects.current()) is not None:
        notices.give_due(edition, at=clock.now())
