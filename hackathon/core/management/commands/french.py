"""`manage.py french`: the French catalogue, from the texts of the English one.

Texts are French in the sources (docs/decisions/0002-french-message-ids.md), typed with the plain
spaces of a keyboard. This catalogue has those that need other ones; `make messages` writes it.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand

from hackathon.core.typography import spaced

LOCALES = Path(settings.BASE_DIR) / "locale"
WRITTEN = LOCALES / "fr" / "LC_MESSAGES" / "django.po"
UNNEEDED = (
    *(b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By'),
    *(b'"Project-Id-Version', b'"Report-Msgid-Bugs-To', b'"Last-Translator', b'"Language-Team'),
)
HEADER = "# Written by `manage.py french`: the same texts with the spaces of French."


def catalogue() -> bytes:
    """What the file has to say."""
    with (LOCALES / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        texts = read_po(file, locale="en")
    found = Catalog(locale="fr", header_comment=HEADER, fuzzy=False)
    for message in texts:
        plain = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        said = tuple(spaced(text) for text in plain)
        if message.id and said != plain:
            flags, context = message.flags, message.context
            found.add(message.id, said if len(said) > 1 else said[0], flags=flags, context=context)
    written = BytesIO()
    write_po(written, found, width=100, sort_output=True)
    # Without dates and versions the same texts are the same file.
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(UNNEEDED))


class Command(BaseCommand):
    """See the module."""

    help = "Write the French catalogue."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Write it."""
        WRITTEN.parent.mkdir(parents=True, exist_ok=True)
        WRITTEN.write_bytes(catalogue())
