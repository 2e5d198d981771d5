"""The French catalogue has the message ids that need no-break spaces (decision 2), and those with
a plural: without a catalogue gettext takes the plural for zero, where French has the singular.
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
    with (LOCALES / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        english = read_po(file, locale="en")
    found = Catalog(locale="fr", header_comment=HEADER, fuzzy=False)
    for message in english:
        plain = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        texts = tuple(spaced(text) for text in plain)
        if message.id and (texts != plain or len(plain) > 1):
            flags, context = message.flags, message.context
            text = texts if len(texts) > 1 else texts[0]
            found.add(message.id, text, flags=flags, context=context)
    written = BytesIO()
    write_po(written, found, width=100, sort_output=True)
    # Without dates and versions, so that the same texts give the same file.
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(UNNEEDED))


class Command(BaseCommand):
    help = "Write the French catalogue."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        WRITTEN.parent.mkdir(parents=True, exist_ok=True)
        WRITTEN.write_bytes(catalogue())
