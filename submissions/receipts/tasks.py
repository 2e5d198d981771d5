from smtplib import SMTPRecipientsRefused

from django.core.cache import cache
from django.utils.translation import gettext_lazy

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.mail_tasks import mail_task
from submissions.deposits import selectors as deposits
from submissions.receipts import emails, selectors, services

MAILED_KEY_SECONDS = 24 * 3600  # longer than the retries of `mail_receipt` take


@mail_task(gettext_lazy("Reçu d’un dépôt"), max_retries=40)
def mail_receipt(submission_id: int) -> None:
    """A mail is sent twice if the process ends before it writes the key to the cache."""
    if (receipt := selectors.receipt_of(submission_id)) is None:
        return
    punctuality = deposits.version_of(receipt.submission).punctuality
    pdf = emails.printed_receipt(receipt, punctuality)
    refused: SMTPRecipientsRefused | None = None
    for person in selectors.recipients_of(receipt.submission):
        # So that a retry does not mail this person again.
        mailed_key = f"receipt-mailed:{receipt.code}:{person.pk}"
        if cache.get(mailed_key):
            continue
        try:
            emails.receipt_mail(receipt, punctuality, pdf, to=person).send()
        except SMTPRecipientsRefused as error:
            refused = error  # the others are mailed before the task is retried
        else:
            cache.set(mailed_key, True, MAILED_KEY_SECONDS)
    services.mark_mailed(receipt, at=clock.now())
    if refused is not None:
        raise refused


@mail_task(gettext_lazy("Résumé des reçus"), max_retries=4)
def mail_digest(user_pk: int, receipt_pks: list[int]) -> None:
    """A mail is sent twice if the task runs twice."""
    reader = User.objects.filter(pk=user_pk, is_active=True).first()
    if reader is not None and (receipts := selectors.receipts_of(receipt_pks)):
        emails.digest_mail(receipts, to=reader).send()
