from collections.abc import Iterable
from itertools import batched
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import mailers
from django.utils.translation import gettext_lazy

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.base.core.mail_tasks import mail_task, watched
from hackathon.day.announcements import emails
from hackathon.day.announcements.services import mail

BATCH = 40


def enqueue_mails(announcement_pk: int, revision: int, user_pks: Iterable[int]) -> None:
    for some in batched(user_pks, BATCH):
        enqueue(mail_batch, announcement_pk, revision, list(some))


@mail_task(gettext_lazy("Annonce"), max_retries=40)
def mail_batch(announcement_pk: int, revision: int, user_pks: list[int]) -> None:
    """Does not send a revision that was corrected or withdrawn in the meantime. No user gets a
    second e-mail if it runs twice.
    """
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
            others = recipients[number + 1 :]
            waiting = [other.email for other in others]
            try:
                with watched(user.email, waiting=waiting, final=(SMTPRecipientsRefused,)):
                    connection.open()
                    connection.send_messages([emails.announcement_mail(announcement, to=user)])
            except SMTPRecipientsRefused:
                mail.release(announcement, user, at=clock.now())
            except (OSError, SMTPException):
                mail.release(announcement, user, others, at=clock.now())
                raise
            else:
                mail.mark_sent(announcement, user, at=clock.now())
    finally:
        connection.close()
