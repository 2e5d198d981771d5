from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.selectors import get_published_edition
from hackathon.extras.static_archive import folder
from hackathon.extras.static_archive.crawl import ArchiveError


class Command(BaseCommand):
    """Exit code 1, and nothing is written, if the edition is not published or the folder holds
    something else.
    """

    help = "Write the public pages of a published edition as files that need no server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", metavar="EDITION", help="its slug")
        parser.add_argument(
            "folder", metavar="FOLDER", type=Path, help="new, empty, or with a former archive"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        slug = options["edition"]
        try:
            edition = get_published_edition(slug, at=clock.now())
        except NotFound:
            raise CommandError(
                _("Aucune édition dont les résultats sont publiés ne s’appelle « {slug} ».").format(
                    slug=slug
                )
            ) from None
        try:
            count, notes = folder.publish(edition.slug, options["folder"])
        except ArchiveError as error:
            raise CommandError(str(error)) from None
        for note in notes:
            self.stdout.write(note)
        self.stdout.write(
            _("{edition} : {count} fichiers dans {folder}. Ouvrez index.html.").format(
                edition=edition.name, count=count, folder=options["folder"]
            )
        )
