from datetime import datetime

from submissions.models import Receipt, Submission
from submissions.receipts import rules


def issue(submission: Submission) -> Receipt:
    """Call it in the transaction that creates the submission."""
    code = rules.new_code()
    signature = rules.signature_of(submission, code)
    return Receipt.objects.create(submission=submission, code=code, signature=signature)


def mark_mailed(receipt: Receipt, *, at: datetime) -> None:
    Receipt.objects.filter(pk=receipt.pk, mailed_at=None).update(mailed_at=at)
