"""The receipt of a submission: a code to read out, and a signature over all it says."""

import secrets
from datetime import UTC

from django.core import signing
from django.utils.crypto import constant_time_compare

from submissions.models import Receipt, Submission

# Without vowels (no words), and without what is mistaken for something else: 0 and O, 1 and I.
ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 10  # 28 ** 10 codes: nobody finds one by trying


def issue(submission: Submission) -> Receipt:
    """Write the receipt, in the transaction of its submission."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return Receipt.objects.create(
        submission=submission, code=code, signature=signature_of(submission, code)
    )


def is_genuine(receipt: Receipt) -> bool:
    """Whether the submission is still what the receipt was signed for."""
    expected = signature_of(receipt.submission, receipt.code)
    return constant_time_compare(receipt.signature, expected)


def signature_of(submission: Submission, code: str) -> str:
    """HMAC-SHA256 (Django's signer, the site's secret key) over all that a receipt says."""
    said = [
        code,
        str(submission.team_id),
        str(submission.deliverable_id),
        str(submission.version),
        submission.begun_at.astimezone(UTC).isoformat(),
        submission.received_at.astimezone(UTC).isoformat(),
        str(submission.size),
        submission.sha256,
    ]
    return signing.Signer(salt="submissions.receipt").signature("|".join(said))
