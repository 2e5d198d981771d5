"""The French catalogue has the message ids that need no-break spaces (decision 2), and those with
a plural: without a catalogue gettext takes the plural for zero, where French has the singular.
It is made from the English one, by `make setup` and in the image, and is not in git.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand

from hackathon.core.typography import spaced

LOCALES = Path(settings.BASE_DIR) / "locale"
WRITTEN = LOCALES / "fr" / "LC_MESSAGES" / "django.mo"


def catalogue() -> bytes:
    with (LOCALES / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        english = read_po(file, locale="en")
    french = Catalog(locale="fr")
    for message in english:
        plain = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        texts = tuple(spaced(text) for text in plain)
        if message.id and (texts != plain or len(plain) > 1):
            text = texts if len(texts) > 1 else texts[0]
            french.add(message.id, text, flags=message.flags, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, french)
    return compiled.getvalue()


class Command(BaseCommand):
    help = "Write the French catalogue."
    requires_system_checks = ()

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        WRITTEN.parent.mkdir(parents=True, exist_ok=True)
        WRITTEN.write_bytes(catalogue())
