import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.core import clock
from hackathon.base.core.formats import size_text
from submissions.audit import deposits
from submissions.audit.deposits import DepositReport

PROGRESS_SECONDS = 2.0


class Command(BaseCommand):
    """Only reads. Exit code 1 if there is a finding."""

    help = "Walk database and storage: report missing, orphaned and altered files. Deletes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument(
            "--delete-nothing", action="store_true", help="has no effect: nothing is ever deleted"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._progress_at = time.monotonic()
        report = deposits.check(at=clock.now(), progress=self._progress)
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(report), ensure_ascii=False))
        else:
            self._print(report)
        if report.findings:
            raise SystemExit(1)

    def _progress(self, done: int, total: int, bytes_read: int) -> None:
        now = time.monotonic()
        if now - self._progress_at >= PROGRESS_SECONDS:
            self._progress_at = now
            self.stderr.write(f"{done} / {total} · {size_text(bytes_read)}")

    def _print(self, report: DepositReport) -> None:
        for finding in report.findings:
            self.stdout.write(f"✗ {finding}")
        for key in report.completing:
            self.stdout.write(
                _("Un envoi est en train de devenir un dépôt : {key}").format(key=key)
            )
        faults = len(report.findings)
        counted = [
            ngettext("{n} dépôt relu", "{n} dépôts relus", report.submissions),
            ngettext("{n} fichier", "{n} fichiers", report.files),
            ngettext("{n} envoi ouvert", "{n} envois ouverts", report.transfers),
            ngettext("{n} défaut", "{n} défauts", faults) if faults else _("aucun défaut"),
        ]
        numbers = [report.submissions, report.files, report.transfers, faults]
        for text, number in zip(counted, numbers, strict=True):
            self.stdout.write(text.format(n=number))


def _as_dict(report: DepositReport) -> dict[str, Any]:
    return {
        "ok": not report.findings,
        "submissions": report.submissions,
        "files": report.files,
        "bytes": report.bytes_read,
        "open_uploads": report.transfers,
        "completing": report.completing,
        "findings": [finding.as_dict() for finding in report.findings],
    }
