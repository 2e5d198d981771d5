import json
from datetime import UTC

from django.core import signing

from submissions.models import Receipt, Submission

CODE_LENGTH = 10  # 28 ** 10 codes: too many to guess one


def is_genuine(receipt: Receipt) -> bool:
    signed = _signed_text(receipt.submission, receipt.code)
    try:
        # `unsign` also accepts SECRET_KEY_FALLBACKS: the key may be changed after the event.
        _signer().unsign(f"{signed}:{receipt.signature}")
    except signing.BadSignature:
        return False
    return True


def signature_of(submission: Submission, code: str) -> str:
    """HMAC-SHA256 by Django's signer, with the site's secret key."""
    return _signer().signature(_signed_text(submission, code))


def _signer() -> signing.Signer:
    return signing.Signer(salt="submissions.receipt")


def _signed_text(submission: Submission, code: str) -> str:
    """Everything that the receipt proves. Not the file's key: files may move to another storage."""
    announced_at = submission.announced_at
    return json.dumps(
        [
            code,
            submission.team_id,
            submission.deliverable_id,
            submission.version,
            submission.begun_at.astimezone(UTC).isoformat(),
            submission.received_at.astimezone(UTC).isoformat(),
            submission.submitted_by_id,
            submission.entry_reason,
            submission.size,
            submission.sha256,
            submission.filename,
            submission.url,
            submission.text,
            # Receipts of bytes that were not announced have the same text as before there were any.
            *([announced_at.astimezone(UTC).isoformat()] if announced_at else []),
        ]
    )
