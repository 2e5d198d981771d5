from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hackathon.event.editions.models import Edition
from hackathon.extras.witness import audit
from hackathon.extras.witness.selectors import stamps_of_seals
from submissions.audit.sentences import instant_text


class Command(BaseCommand):
    """Exit code 1 if there is a difference."""

    help = "Verify the time stamps of seals, and name seals that were replaced since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", metavar="SLUG", help="the one that is shown, if not given")
        parser.add_argument(
            "files", metavar="FILE", nargs="*", type=Path, help="a stamp that was kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["edition"]
        editions = Edition.objects
        edition = editions.filter(slug=slug).first() if slug else editions.current()
        if edition is None:
            raise CommandError(_("Cette édition n’existe pas."))
        stamps = stamps_of_seals(edition)
        faults = list(audit.replaced(edition, stamps))
        for stamp in stamps:
            assert stamp.stamped_at is not None
            fault, when = audit.stamp_fault(stamp), instant_text(stamp.stamped_at, edition)
            text = _("horodaté par {authority} le {when}").format(authority=stamp.host, when=when)
            self.stdout.write(f"{'✗' if fault else '✓'} {stamp.digest}\n    {text}")
            faults.append(fault)
        faults += [audit.file_fault(edition, _read(path)) for path in options["files"]]
        found = [fault for fault in faults if fault]
        for fault in found:
            self.stdout.write(f"✗ {fault}")
        if found:
            raise SystemExit(1)
        self.stdout.write(_("Les horodatages se vérifient tous ({n}).").format(n=len(stamps)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(_("Ce fichier ne se lit pas : {path}.").format(path=path)) from error
