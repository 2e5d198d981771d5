"""Both tasks can run twice: no user gets a second e-mail."""

from smtplib import SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.core.mail import mailers
from django.utils.translation import gettext_lazy

from hackathon.announcements import emails, selectors
from hackathon.announcements.services import mail
from hackathon.core import clock
from hackathon.core.background import enqueue
from hackathon.core.mail_tasks import mail_task, watched

BATCH = 40


@shared_task
def mail_announcement(announcement_pk: int, revision: int) -> None:
    announcement = mail.find_current(announcement_pk, revision)
    if announcement is None:
        return
    pks = [user.pk for user in selectors.recipients_of(announcement)]
    for start in range(0, len(pks), BATCH):
        enqueue(mail_batch, announcement_pk, revision, pks[start : start + BATCH])


@mail_task(gettext_lazy("Annonce"), max_retries=40)
def mail_batch(announcement_pk: int, revision: int, user_pks: list[int]) -> None:
    """Does not send a revision that was corrected or withdrawn in the meantime."""
    announcement = mail.find_current(announcement_pk, revision)
    if announcement is None:
        return
    recipients = mail.recipients_left(announcement, user_pks)
    if not recipients:
        return
    connection = mailers.default
    try:
        for number, user in enumerate(recipients):
            if not mail.claim(announcement, user, at=clock.now()):
                continue
            waiting = [other.email for other in recipients[number + 1 :]]
            try:
                with watched(user.email, waiting=waiting, final=(SMTPRecipientsRefused,)):
                    connection.open()
                    connection.send_messages([emails.announcement_mail(announcement, to=user)])
            except SMTPRecipientsRefused:
                mail.release(announcement, user)  # an organizer may send it again
            except (OSError, SMTPException):
                mail.release(announcement, user)
                raise
            else:
                mail.mark_sent(announcement, user, at=clock.now())
    finally:
        connection.close()
