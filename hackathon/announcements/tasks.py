"""What may be late: announcements by mail. Ids in; run twice, nobody gets a second copy."""

from smtplib import SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.core.mail import mailers

from hackathon.announcements import emails, mailing, selectors
from hackathon.core import clock
from hackathon.core.background import enqueue

BATCH = 40


@shared_task
def mail_announcement(announcement_pk: int, revision: int) -> None:
    """Share the people of the audience out into batches, each a task of its own."""
    announcement = mailing.current(announcement_pk, revision)
    if announcement is None:
        return
    people = [user.pk for user in selectors.people_of(announcement)]
    for start in range(0, len(people), BATCH):
        enqueue(mail_batch, announcement_pk, revision, people[start : start + BATCH])


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=600, max_retries=8
)
def mail_batch(announcement_pk: int, revision: int, user_pks: list[int]) -> None:
    """Send these people their copy, over one connection, unless they have it.

    A text that was corrected or withdrawn meanwhile is not sent any more.
    """
    announcement = mailing.current(announcement_pk, revision)
    if announcement is None:
        return
    waiting = mailing.waiting(announcement, user_pks)
    if not waiting:
        return
    with mailers.default as line:
        for user in waiting:
            if not mailing.claim(announcement, user, at=clock.now()):
                continue
            try:
                line.send_messages([emails.announcement_mail(announcement, to=user)])
            except SMTPRecipientsRefused:
                continue  # an address that does not exist: claimed, and never tried again
            except (OSError, SMTPException):
                mailing.give_back(announcement, user)
                raise
            mailing.note_sent(announcement, user, at=clock.now())
