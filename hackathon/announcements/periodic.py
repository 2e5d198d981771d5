from celery import shared_task

from hackathon.announcements import selectors
from hackathon.announcements.services import announcements
from hackathon.core import clock


@shared_task
def push_due_announcements() -> None:
    at = clock.now()
    for pk in selectors.unpushed_announcements(at=at):
        announcements.push_if_due(pk=pk, at=at)
