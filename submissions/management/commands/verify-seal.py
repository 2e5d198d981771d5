"""`manage.py verify-seal`: does what was sealed still exist, unchanged, and still count?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from hackathon.core import clock
from hackathon.editions.models import Edition
from submissions.audit import seals
from submissions.audit.contents import Contents
from submissions.audit.findings import Finding
from submissions.audit.seals import SealReport
from submissions.audit.sentences import instant
from submissions.models import Seal
from submissions.seals import selectors

DIGEST_MIN = 8  # figures that name a seal by its digest, as in a mail or on a photo of the screen


class Command(BaseCommand):
    """Makes seals again from rows and files, names each difference. Exit code 1 if there is one."""

    help = "Recompute seals from the database and the files, and name each difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which seals, and the form of the answer."""
        parser.add_argument("--edition", metavar="SLUG", help="the one that is shown, if not given")
        parser.add_argument(
            "--seal", metavar="ID", help="one seal: its number, or how its digest begins"
        )
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, say it, and end with the code."""
        edition = _edition(options["edition"])
        if options["seal"]:
            chosen = _chosen(edition, options["seal"].replace(" ", "").lower())
            general = []
        else:
            chosen = list(selectors.seals_of(edition))
            general = seals.edition_findings(edition, at=clock.now())
        contents = Contents()
        reports = []
        with timezone.override(edition.zone):
            for seal in chosen:
                reports.append(seals.verify(seal, contents))
                if not options["json"]:
                    self._print(reports[-1])
            if options["json"]:
                self.stdout.write(json.dumps(_as_dict(edition, reports, general)))
            else:
                self._close(reports, general)
        if general or any(report.findings for report in reports):
            raise SystemExit(1)

    def _print(self, report: SealReport) -> None:
        seal = report.seal
        who = seal.department.code if seal.department else _("ensemble")
        verdict = "✗" if report.findings else "✓"
        when = f"{instant(seal.as_of, seal.edition)} ({seal.get_moment_display()})"
        self.stdout.write(f"{verdict} {seal.pk} · {who} · {when}\n    {seal.digest}")
        for finding in report.findings:
            self.stdout.write(f"    - {finding}")

    def _close(self, reports: list[SealReport], general: list[Finding]) -> None:
        for finding in general:
            self.stdout.write(f"✗ {finding}")
        if not reports:
            self.stdout.write(_("Rien n’est encore scellé."))
        elif general or any(report.findings for report in reports):
            self.stdout.write(_("Il y a des différences : voyez ci-dessus."))
        else:
            self.stdout.write(
                _("Conforme. Comparez les empreintes à celles de l’écran ou des mails.")
            )


def _edition(slug: str | None) -> Edition:
    found = Edition.objects.filter(slug=slug).first() if slug else Edition.objects.current()
    if found is None:
        raise CommandError(_("Cette édition n’existe pas."))
    return found


def _chosen(edition: Edition, named: str) -> list[Seal]:
    """The seal of this number or digest. A digest that no seal has is the worst of differences."""
    sealed = selectors.seals_of(edition)
    by_digest = len(named) >= DIGEST_MIN
    found = sealed.filter(digest__startswith=named) if by_digest else sealed.filter(pk=_int(named))
    if not (chosen := list(found)):
        raise CommandError(
            _("Aucun scellé de {edition} n’a cette empreinte ou ce numéro : {named}.").format(
                edition=edition.slug, named=named
            )
        )
    return chosen


def _int(named: str) -> int:
    return int(named) if named.isascii() and named.isdigit() else 0


def _as_dict(edition: Edition, reports: list[SealReport], general: list[Finding]) -> dict[str, Any]:
    return {
        "edition": edition.slug,
        "ok": not general and not any(report.findings for report in reports),
        "seals": [
            {
                "id": report.seal.pk,
                "moment": report.seal.moment,
                "as_of": report.seal.as_of.isoformat(),
                "department": report.seal.department.code if report.seal.department else None,
                "digest": report.seal.digest,
                "ok": not report.findings,
                "findings": [finding.as_dict() for finding in report.findings],
            }
            for report in reports
        ],
        "findings": [finding.as_dict() for finding in general],
    }
