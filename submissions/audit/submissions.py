from collections.abc import Iterator

from submissions.audit.contents import ContentReader
from submissions.audit.findings import Fault, Finding, finding
from submissions.models import Submission
from submissions.receipts import rules as receipts


def name_of(submission: Submission) -> str:
    return f"{submission.team.name} · {submission.deliverable.name}"


def content_findings(
    submission: Submission, reader: ContentReader, *, size: int, sha256: str
) -> Iterator[Finding]:
    content = reader.read(submission)
    if content.matches(size, sha256):
        return
    common = {"what": name_of(submission), "version": submission.version}
    key = submission.file.name
    if content.fault == "missing":
        yield finding(Fault.FILE_MISSING, **common, key=key)
    elif content.fault:
        yield finding(Fault.FILE_UNREADABLE, **common, key=key, error=content.fault)
    else:
        yield finding(
            Fault.ALTERED,
            **common,
            size=size,
            sha256=sha256,
            found_size=content.size,
            found=content.sha256,
        )


def receipt_findings(submission: Submission) -> Iterator[Finding]:
    common = {"what": name_of(submission), "version": submission.version}
    receipt = getattr(submission, "receipt", None)
    if receipt is None:
        yield finding(Fault.RECEIPT_GONE, **common)
    elif not receipts.is_genuine(receipt):
        yield finding(Fault.RECEIPT_FALSE, **common, receipt=receipt.code)
