from datetime import datetime

from hackathon.base.core.codes import new_code
from hackathon.event.editions.models import Edition
from submissions.models import Receipt, Submission
from submissions.receipts import rules


def issue(submission: Submission) -> Receipt:
    """Call it in the transaction that creates the submission."""
    code = new_code(rules.CODE_LENGTH)
    signature = rules.signature_of(submission, code)
    return Receipt.objects.create(submission=submission, code=code, signature=signature)


def mark_mailed(receipt: Receipt, *, at: datetime) -> None:
    Receipt.objects.filter(pk=receipt.pk, mailed_at=None).update(mailed_at=at)


def genuine_in(edition: Edition) -> list[int]:
    """Primary keys of the receipts whose submissions are as they were received."""
    receipts = Receipt.objects.filter(submission__team__edition=edition).select_related(
        "submission"
    )
    return [receipt.pk for receipt in receipts if rules.is_genuine(receipt)]


def sign_again(pks: list[int]) -> None:
    """After an anonymisation, which changes the name of a file and who handed it in. Only for
    receipts that were genuine before: a false one stays false.
    """
    receipts = list(Receipt.objects.filter(pk__in=pks).select_related("submission"))
    for receipt in receipts:
        receipt.signature = rules.signature_of(receipt.submission, receipt.code)
    Receipt.objects.bulk_update(receipts, ["signature"], batch_size=200)
