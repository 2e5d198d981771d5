from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hackathon.base.core import clock
from hackathon.base.core.errors import Refused
from hackathon.base.core.formats import date_text
from hackathon.event.editions.models import Edition
from hackathon.run.privacy import rules, selectors
from hackathon.run.privacy.selectors import Line
from hackathon.run.privacy.services import anonymisation


class Command(BaseCommand):
    """Exit code 1 if an edition that was named is refused: its date has not come."""

    help = "Remove people's data from past editions whose date has come."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", metavar="SLUG", help="this one alone")
        parser.add_argument(
            "--preview", action="store_true", help="say what would go and stay; change nothing"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        at = clock.now()
        if slug := options["edition"]:
            chosen = list(Edition.objects.filter(slug=slug))
            if not chosen:
                raise CommandError(_("Il n’y a pas d’édition « {slug} ».").format(slug=slug))
        else:
            chosen = selectors.editions_due(at=at)
        for edition in chosen:
            if options["preview"]:
                self._preview(edition)
                continue
            try:
                done = anonymisation.anonymise(edition.pk, at=at)
            except Refused as refused:
                raise CommandError(f"{edition.name} : {refused.refusal}") from None
            self.stdout.write(
                _("{edition} est anonymisée. Comptes effacés : {accounts}.").format(
                    edition=edition.name, accounts=done.counts["accounts"]
                )
            )

    def _preview(self, edition: Edition) -> None:
        planned = selectors.anonymisation_of(edition)
        preview = selectors.preview(edition, with_pictures=planned.with_pictures)
        due_at = rules.due_date(edition, planned.due_at)
        day = date_text(due_at, "j F Y", edition.zone) or _("pas encore finie")
        self.stdout.write(f"{edition.name} : {day}")
        gone, staying = preview.accounts
        self.stdout.write(
            _("Comptes effacés : {gone}. Comptes qui servent encore : {staying}.").format(
                gone=gone, staying=staying
            )
        )
        for sign, subjects in (("−", preview.going), ("=", preview.staying)):
            for subject, lines in subjects:
                self.stdout.write(f"{sign} {subject.title}")
                for line in lines:
                    self.stdout.write(f"    {_described(line)}")


def _described(line: Line) -> str:
    because = f" ({line.because})" if line.because else ""
    return f"{line.count} × {line.what}{because}"
