from smtplib import SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.core.cache import cache

from hackathon.core import clock
from submissions.deposits import selectors as deposits
from submissions.receipts import emails, selectors
from submissions.receipts import receipt as receipts

MAILED_KEY_SECONDS = 24 * 3600  # longer than the retries of `mail_receipt` take


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=600, max_retries=8
)
def mail_receipt(submission_id: int) -> None:
    """Mail the receipt to each member of the team, and to the organizer who entered the deposit.

    The cache keeps who has been mailed, so that a retry does not mail them again. If the process
    ends between sending a mail and writing its key, that mail is sent twice.
    """
    if (receipt := selectors.receipt_of(submission_id)) is None:
        return
    punctuality = deposits.version_of(receipt.submission).punctuality
    pdf = emails.printed_receipt(receipt, punctuality)
    refused: SMTPRecipientsRefused | None = None
    for person in selectors.people_of(receipt.submission):
        mailed_key = f"receipt-mailed:{receipt.code}:{person.pk}"
        if cache.get(mailed_key):
            continue
        try:
            emails.receipt_mail(receipt, punctuality, pdf, to=person).send()
        except SMTPRecipientsRefused as error:
            refused = error  # the others are mailed before the task is retried
        else:
            cache.set(mailed_key, True, MAILED_KEY_SECONDS)
    receipts.note_mailed(receipt, at=clock.now())
    if refused is not None:
        raise refused
