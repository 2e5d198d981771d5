"""What may be late: looking inside what was received, and the receipt by mail."""

from smtplib import SMTPException, SMTPRecipientsRefused

from celery import shared_task
from django.core.cache import cache

from hackathon.accounts.models import User
from hackathon.core import clock
from submissions.deposits import selectors as deposits_selectors
from submissions.inspection import results
from submissions.inspection import selectors as inspection_selectors
from submissions.models import Seal
from submissions.receipts import emails
from submissions.receipts import receipt as receipts
from submissions.receipts import selectors as receipts_selectors
from submissions.seals.emails import seal_mail

MAILED_REMEMBERED = 24 * 3600  # seconds; the last try comes long before


@shared_task
def inspect(submission_id: int) -> None:
    """Look inside a submission and say what was found. The first answer stays."""
    submission = inspection_selectors.uninspected(submission_id)
    if submission is not None:
        found = results.look_into(submission)
        results.record(submission, found, at=clock.now())


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=600, max_retries=8
)
def mail_receipt(submission_id: int) -> None:
    """Send the receipt to the team, and to the organizer who entered the deposit for it.

    One mail each. Run twice it finds in the cache who has theirs; only a process that ends between
    a mail and its note sends that one again, and a receipt too many harms nobody.
    """
    if (receipt := receipts_selectors.receipt_of(submission_id)) is None:
        return
    mark = deposits_selectors.version_of(receipt.submission).mark
    pdf = emails.printed_receipt(receipt, mark)
    refused: SMTPRecipientsRefused | None = None
    for person in receipts_selectors.people_of(receipt.submission):
        note = f"receipt-mailed:{receipt.code}:{person.pk}"
        if cache.get(note):
            continue
        try:
            emails.receipt_mail(receipt, mark, pdf, to=person).send()
        except SMTPRecipientsRefused as error:
            refused = error  # an address that does not exist must not keep the others waiting
        else:
            cache.set(note, True, MAILED_REMEMBERED)
    receipts.note_mailed(receipt, at=clock.now())
    if refused is not None:
        raise refused


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=60, max_retries=4
)
def mail_seal(seal_id: int, organizer_id: int) -> None:
    """Send a seal to an organizer. Run twice, it is mailed twice."""
    seal = Seal.objects.select_related("edition", "department").filter(pk=seal_id).first()
    organizer = User.objects.filter(pk=organizer_id).first()
    if seal is not None and organizer is not None:
        seal_mail(seal, to=organizer).send()
