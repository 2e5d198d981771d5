"""Both tasks can run twice: no user gets a second e-mail."""

from smtplib import SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.core.mail import mailers

from hackathon.announcements import emails, selectors
from hackathon.announcements.services import mail
from hackathon.core import clock
from hackathon.core.background import enqueue

BATCH = 40


@shared_task
def mail_announcement(announcement_pk: int, revision: int) -> None:
    announcement = mail.find_current(announcement_pk, revision)
    if announcement is None:
        return
    pks = [user.pk for user in selectors.recipients_of(announcement)]
    for start in range(0, len(pks), BATCH):
        enqueue(mail_batch, announcement_pk, revision, pks[start : start + BATCH])


@shared_task(
    autoretry_for=(OSError, SMTPException),
    retry_backoff=5,
    retry_backoff_max=30,
    max_retries=40,
)
def mail_batch(announcement_pk: int, revision: int, user_pks: list[int]) -> None:
    """Does not send a revision that was corrected or withdrawn in the meantime."""
    announcement = mail.find_current(announcement_pk, revision)
    if announcement is None:
        return
    recipients = mail.recipients_left(announcement, user_pks)
    if not recipients:
        return
    with mailers.default as connection:
        for user in recipients:
            if not mail.claim(announcement, user, at=clock.now()):
                continue
            try:
                connection.send_messages([emails.announcement_mail(announcement, to=user)])
            except SMTPRecipientsRefused:
                continue  # The address does not exist. The claim stays, so it is not tried again.
            except (OSError, SMTPException):
                mail.release(announcement, user)
                raise
            mail.mark_sent(announcement, user, at=clock.now())
