"""Whether every row has its file and its receipt, and every file its row.

A deposit that is being received has its file before its row. Its transaction holds its team's lock
meanwhile, so a file without a row is looked up again once those locks have been waited for; what a
resumable transfer leaves between the two is named apart for as long as the transfer is known.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.storage import Storage
from django.db import transaction

from hackathon.editions.models import Edition
from submissions.audit.contents import Contents
from submissions.audit.findings import Fault, Finding, found
from submissions.audit.proofs import content_findings, receipt_findings
from submissions.audit.sentences import instant
from submissions.models import Submission, Upload, deposits_storage
from submissions.seals import rules, selectors
from submissions.seals.services import wait_for_deposits

type Progress = Callable[[int, int, int], None]  # checked, of how many, bytes read


@dataclass
class DepositReport:
    """What was looked at, and what is wrong with it. Transfers under way are nothing wrong."""

    submissions: int = 0
    files: int = 0
    bytes_read: int = 0
    transfers: int = 0
    completing: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def check(*, at: datetime, progress: Progress) -> DepositReport:
    """Walk through the storage and the rows of every edition. Nothing is changed or removed."""
    report, contents = DepositReport(), Contents()
    # The storage first: a row comes after its file.
    names = set(_walk(deposits_storage(), ""))
    report.files = len(names)
    rows = Submission.objects.select_related("team", "deliverable", "submitted_by", "receipt")
    total = rows.count()
    for submission in rows.order_by("pk").iterator(chunk_size=200):
        names.discard(submission.file.name)
        report.findings += content_findings(
            submission, contents, size=submission.size, sha256=submission.sha256
        )
        report.findings += receipt_findings(submission)
        report.submissions += 1
        report.bytes_read = contents.bytes_read
        progress(report.submissions, total, report.bytes_read)
    _sort_out(names, report)
    report.transfers = Upload.objects.filter(submission=None, expires_at__gte=at).count()
    report.findings += _stranded(at)
    return report


def _walk(storage: Storage, directory: str) -> Iterator[str]:
    """Every name in the storage, local or not."""
    try:
        directories, files = storage.listdir(directory)
    except FileNotFoundError:  # nothing was ever received
        return
    for name in files:
        yield f"{directory}{name}"
    for name in directories:
        yield from _walk(storage, f"{directory}{name}/")


def _sort_out(names: set[str], report: DepositReport) -> None:
    """Files that no row had: a row has them by now, or a transfer, or nobody."""
    if not names:
        return
    transfers = {pk.hex for pk in Upload.objects.values_list("pk", flat=True)}
    with transaction.atomic():
        wait_for_deposits()
        names -= set(Submission.objects.exclude(file="").values_list("file", flat=True))
    for name in sorted(names):
        if PurePosixPath(name).stem in transfers:
            report.completing.append(name)
        elif deposits_storage().exists(name):
            size = deposits_storage().size(name)
            report.findings.append(found(Fault.ORPHAN, key=name, size=size))


def _stranded(at: datetime) -> Iterator[Finding]:
    """Transfers that should have become deposits, and did not."""
    waiting = Upload.objects.filter(submission=None, whole_at__isnull=False)
    for edition in Edition.objects.filter(pk__in=waiting.values("team__edition")):
        for upload in selectors.unfinished_by(edition, at - rules.PATIENCE):
            assert upload.whole_at is not None
            whole = instant(upload.whole_at, edition)
            yield found(
                Fault.STRANDED, upload=upload.pk.hex[:8], team=upload.team.name, whole=whole
            )
