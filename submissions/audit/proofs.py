"""One submission against its bytes and its receipt."""

from collections.abc import Iterator

from submissions.audit.contents import Contents
from submissions.audit.findings import Fault, Finding, found
from submissions.models import Submission
from submissions.receipts import rules as receipts


def name_of(submission: Submission) -> str:
    """« Com’unik · Dossier de stratégie »."""
    return f"{submission.team.name} · {submission.deliverable.name}"


def content_findings(
    submission: Submission, contents: Contents, *, size: int, sha256: str
) -> Iterator[Finding]:
    """What is wrong with the bytes, that should have this size and digest."""
    content = contents.of(submission)
    if content.is_that_of(size, sha256):
        return
    common = {"what": name_of(submission), "version": submission.version}
    key = submission.file.name
    if content.fault == "missing":
        yield found(Fault.FILE_MISSING, **common, key=key)
    elif content.fault:
        yield found(Fault.FILE_UNREADABLE, **common, key=key, error=content.fault)
    else:
        yield found(
            Fault.ALTERED,
            **common,
            size=size,
            sha256=sha256,
            found_size=content.size,
            found=content.sha256,
        )


def receipt_findings(submission: Submission) -> Iterator[Finding]:
    """What is wrong with the receipt."""
    common = {"what": name_of(submission), "version": submission.version}
    receipt = getattr(submission, "receipt", None)
    if receipt is None:
        yield found(Fault.RECEIPT_GONE, **common)
    elif not receipts.is_genuine(receipt):
        yield found(Fault.RECEIPT_FALSE, **common, receipt=receipt.code)
