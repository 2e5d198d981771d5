from collections.abc import Callable, Iterable
from smtplib import SMTPRecipientsRefused

from django.core.cache import cache
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.mail_tasks import mail_task
from submissions.receipts import emails, selectors, services
from submissions.versions import selectors as deposits

MAILED_KEY_SECONDS = 24 * 3600  # longer than the retries of these tasks take


@mail_task(gettext_lazy("Reçu d’un dépôt"), max_retries=40)
def mail_receipt(submission_id: int) -> None:
    """A mail is sent twice if the process ends before it writes the key to the cache."""
    if (receipt := selectors.receipt_of(submission_id)) is None:
        return
    received = deposits.version_of(receipt.submission)
    pdf = emails.printed_receipt(receipt, received)
    at = clock.now()
    refused = _mail_each(
        f"receipt-mailed:{receipt.code}",
        selectors.recipients_of(receipt.submission),
        lambda person: emails.receipt_mail(receipt, received, pdf, to=person, at=at),
    )
    services.mark_mailed(receipt, at=at)
    if refused is not None:
        raise refused


@mail_task(gettext_lazy("Avertissement : un dépôt ne s’ouvre pas"), max_retries=40)
def mail_warning(submission_id: int) -> None:
    """Nothing if another version counts by now."""
    submission = selectors.broken_submission(submission_id)
    if submission is None:
        return
    at = clock.now()
    refused = _mail_each(
        f"warning-mailed:{submission.pk}",
        selectors.warned_of(submission),
        lambda person: emails.warning_mail(submission, to=person, at=at),
    )
    if refused is not None:
        raise refused


def _mail_each(
    key: str, people: Iterable[User], compose: Callable[[User], EmailMessage]
) -> SMTPRecipientsRefused | None:
    """A retry does not mail a person again who has the mail. The refusal of one address does not
    keep it from the others: it is returned.
    """
    refused: SMTPRecipientsRefused | None = None
    for person in people:
        mailed_key = f"{key}:{person.pk}"
        if cache.get(mailed_key):
            continue
        try:
            compose(person).send()
        except SMTPRecipientsRefused as error:
            refused = error
        else:
            cache.set(mailed_key, True, MAILED_KEY_SECONDS)
    return refused


@mail_task(gettext_lazy("Résumé des reçus"), max_retries=4)
def mail_digest(user_pk: int, receipt_pks: list[int]) -> None:
    """A mail is sent twice if the task runs twice."""
    reader = User.objects.filter(pk=user_pk, is_active=True).first()
    if reader is not None and (receipts := selectors.receipts_of(receipt_pks)):
        emails.digest_mail(receipts, to=reader, at=clock.now()).send()
