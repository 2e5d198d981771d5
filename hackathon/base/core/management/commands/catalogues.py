"""Compiles the English catalogues, and makes the French ones of them: the message ids that need
no-break spaces (decision 2), and those with a plural: without a catalogue gettext takes the plural
for zero, where French has the singular. Run by `make setup`, in the image and before tests; what it
writes is not in git.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand

from hackathon.base.core.typography import spaced

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # of all: the same sources give the same bytes


def sources() -> list[Path]:
    """That of the core, and those of extras."""
    root = Path(settings.BASE_DIR)
    return sorted(root.glob("locale/en/*/*.po")) + sorted(root.glob("hackathon/**/en/*/*.po"))


def english(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def french(translated: Catalog) -> Catalog:
    catalogue = Catalog(locale="fr", creation_date=EPOCH, revision_date=EPOCH)
    for message in translated:
        plain = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        texts = tuple(spaced(text) for text in plain)
        if message.id and (texts != plain or len(plain) > 1):
            text = texts if len(texts) > 1 else texts[0]
            catalogue.add(message.id, text, flags=message.flags, context=message.context)
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def compile_stale() -> None:
    """Those that are older than their source or than this module."""
    for source in sources():
        written = source.with_suffix(".mo")
        of_french = Path(*(("fr" if part == "en" else part) for part in written.parts))
        newest = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
        if all(mo.exists() and mo.stat().st_mtime >= newest for mo in (written, of_french)):
            continue
        catalogue = english(source)
        written.write_bytes(compiled(catalogue))
        of_french.parent.mkdir(parents=True, exist_ok=True)
        of_french.write_bytes(compiled(french(catalogue)))


class Command(BaseCommand):
    help = "Write the catalogues of translations that are stale."
    requires_system_checks = ()

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        compile_stale()
