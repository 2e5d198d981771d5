from celery import shared_task

from hackathon.base.core import clock
from hackathon.day.announcements import selectors, tasks
from hackathon.day.announcements.services import announcements, mail


@shared_task
def push_due_announcements() -> None:
    at = clock.now()
    for pk in selectors.unpushed_announcements(at=at):
        announcements.push_if_due(pk=pk, at=at)
    for pk in selectors.announcements_to_mail(at=at):
        announcements.mail_if_due(pk=pk, at=at)


@shared_task
def mail_forgotten() -> None:
    """E-mails that a worker or the broker lost."""
    for (pk, revision), users in mail.forgotten_by_announcement(at=clock.now()).items():
        tasks.enqueue_mails(pk, revision, users)
