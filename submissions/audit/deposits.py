"""Checks that each submission has its file and its receipt, and each file its submission.

A deposit stores its file before its row, while its transaction holds the lock of its team. So files
without a row are looked up again under the locks of all teams. The file of a resumable upload that
is not concluded yet is reported as `completing`, not as an orphan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.storage import Storage
from django.db import transaction

from hackathon.event.editions.models import Edition
from submissions.audit.contents import ContentReader
from submissions.audit.findings import Fault, Finding, finding
from submissions.audit.sentences import instant_text
from submissions.audit.submissions import content_findings, receipt_findings
from submissions.models import Submission, Upload, deposits_storage
from submissions.seals import rules, selectors
from submissions.seals.services import wait_for_deposits

type Progress = Callable[[int, int, int], None]  # submissions checked, their total, bytes read


@dataclass
class DepositReport:
    """Counts of what was checked. `transfers` are in progress; `completing` are storage keys."""

    submissions: int = 0
    files: int = 0
    bytes_read: int = 0
    transfers: int = 0
    completing: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def check(*, at: datetime, progress: Progress) -> DepositReport:
    """All editions. Reads every stored file completely; locks all teams for one query."""
    report, reader = DepositReport(), ContentReader()
    # List the storage before the rows: a file is stored before its row.
    names = set(_keys_in(deposits_storage(), ""))
    report.files = len(names)
    rows = Submission.objects.select_related("team", "deliverable", "submitted_by", "receipt")
    total = rows.count()
    for submission in rows.order_by("pk").iterator(chunk_size=200):
        names.discard(submission.file.name)
        report.findings += content_findings(
            submission, reader, size=submission.size, sha256=submission.sha256
        )
        report.findings += receipt_findings(submission)
        report.submissions += 1
        report.bytes_read = reader.bytes_read
        progress(report.submissions, total, report.bytes_read)
    _check_orphans(names, report)
    report.transfers = Upload.objects.filter(submission=None, expires_at__gte=at).count()
    report.findings += _stranded_uploads(at)
    return report


def _keys_in(storage: Storage, directory: str) -> Iterator[str]:
    try:
        directories, files = storage.listdir(directory)
    except FileNotFoundError:  # before the first deposit
        return
    for name in files:
        yield f"{directory}{name}"
    for name in directories:
        yield from _keys_in(storage, f"{directory}{name}/")


def _check_orphans(names: set[str], report: DepositReport) -> None:
    """`names` are the keys for which no row was found."""
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
            report.findings.append(finding(Fault.ORPHAN, key=name, size=size))


def _stranded_uploads(at: datetime) -> Iterator[Finding]:
    waiting = Upload.objects.filter(submission=None, whole_at__isnull=False)
    for edition in Edition.objects.filter(pk__in=waiting.values("team__edition")):
        for upload in selectors.unfinished_by(edition, at - rules.UNFINISHED_WAIT):
            assert upload.whole_at is not None
            whole = instant_text(upload.whole_at, edition)
            yield finding(
                Fault.STRANDED, upload=upload.pk.hex[:8], team=upload.team.name, whole=whole
            )
