import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from submissions.audit import seals
from submissions.audit.contents import ContentReader
from submissions.audit.findings import Finding
from submissions.audit.seals import SealReport
from submissions.audit.sentences import instant_text
from submissions.models import Seal
from submissions.seals import selectors

DIGEST_MIN_CHARS = 8  # shorter values of --seal are ids, longer ones beginnings of a digest


class Command(BaseCommand):
    """Exit code 1 if there is a difference."""

    help = "Recompute seals from the database and the files, and name each difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", metavar="SLUG", help="the one that is shown, if not given")
        parser.add_argument(
            "--seal", metavar="ID", help="one seal: its number, or how its digest begins"
        )
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        edition = _edition(options["edition"])
        if options["seal"]:
            chosen = _seals_named(edition, options["seal"].replace(" ", "").lower())
            edition_findings = []
        else:
            chosen = list(selectors.seals_of(edition))
            edition_findings = seals.edition_findings(edition, at=clock.now())
        reader = ContentReader()
        reports = []
        with timezone.override(edition.zone):
            for seal in chosen:
                report = seals.verify(seal, reader)
                reports.append(report)
                if not options["json"]:
                    self._print(report)
            if options["json"]:
                self.stdout.write(json.dumps(_as_dict(edition, reports, edition_findings)))
            else:
                self._print_summary(reports, edition_findings)
        if edition_findings or any(report.findings for report in reports):
            raise SystemExit(1)

    def _print(self, report: SealReport) -> None:
        seal = report.seal
        scope = seal.department.code if seal.department else _("ensemble")
        scope = f"{scope} · {seal.subject}" if seal.subject else scope
        verdict = "✗" if report.findings else "✓"
        when = f"{instant_text(seal.as_of, seal.edition)} ({seal.get_moment_display()})"
        self.stdout.write(f"{verdict} {seal.pk} · {scope} · {when}\n    {seal.digest}")
        for change in report.changes:
            self.stdout.write(f"    · {change}")
        for finding in report.findings:
            self.stdout.write(f"    - {finding}")

    def _print_summary(self, reports: list[SealReport], edition_findings: list[Finding]) -> None:
        for finding in edition_findings:
            self.stdout.write(f"✗ {finding}")
        if not reports:
            self.stdout.write(_("Rien n’est encore scellé."))
        elif edition_findings or any(report.findings for report in reports):
            self.stdout.write(_("Il y a des différences : voyez ci-dessus."))
        else:
            self.stdout.write(
                _("Conforme. Comparez les empreintes à celles de l’écran ou des e-mails.")
            )


def _edition(slug: str | None) -> Edition:
    edition = Edition.objects.filter(slug=slug).first() if slug else Edition.objects.current()
    if edition is None:
        raise CommandError(_("Cette édition n’existe pas."))
    return edition


def _seals_named(edition: Edition, named: str) -> list[Seal]:
    """Raises `CommandError` if no seal has this id or digest."""
    sealed = selectors.seals_of(edition)
    by_digest = len(named) >= DIGEST_MIN_CHARS
    matching = (
        sealed.filter(digest__startswith=named) if by_digest else sealed.filter(pk=_id(named))
    )
    if not (chosen := list(matching)):
        raise CommandError(
            _("Aucun scellé de {edition} n’a cette empreinte ou ce numéro : {named}.").format(
                edition=edition.slug, named=named
            )
        )
    return chosen


def _id(named: str) -> int:
    return int(named) if named.isascii() and named.isdigit() else 0


def _as_dict(
    edition: Edition, reports: list[SealReport], edition_findings: list[Finding]
) -> dict[str, Any]:
    return {
        "edition": edition.slug,
        "ok": not edition_findings and not any(report.findings for report in reports),
        "seals": [
            {
                "id": report.seal.pk,
                "moment": report.seal.moment,
                "as_of": report.seal.as_of.isoformat(),
                "due_at": report.seal.due_at and report.seal.due_at.isoformat(),
                "department": report.seal.department.code if report.seal.department else None,
                "digest": report.seal.digest,
                "ok": not report.findings,
                "findings": [finding.as_dict() for finding in report.findings],
                "changes": report.changes,
            }
            for report in reports
        ],
        "findings": [finding.as_dict() for finding in edition_findings],
    }
