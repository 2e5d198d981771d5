"""What the clock brings: reads it once and calls a service for each thing that is due."""

from celery import shared_task

from hackathon.announcements import selectors
from hackathon.announcements import services as announcements
from hackathon.core import clock


@shared_task
def tell_due_announcements() -> None:
    """Tell open pages of the announcements whose instant has come."""
    at = clock.now()
    for pk in selectors.untold_announcements(at=at):
        announcements.tell(pk=pk, at=at)
