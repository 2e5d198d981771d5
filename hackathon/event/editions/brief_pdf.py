"""A brief as a PDF, in the active language. The caller has checked that it may be read."""

import unicodedata
from typing import Any

from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hackathon.base.core import markdown
from hackathon.base.core.formats import size_text
from hackathon.base.core.typeset import one_line, typeset
from hackathon.event.editions.models import Brief

LINE_CHARS = 300


def filename(brief: Brief) -> str:
    return f"{_('sujet')}-{slugify(brief.department.code)}.pdf"


def render(brief: Brief) -> bytes:
    department = brief.department
    data = {
        "lang": get_language() or "fr",
        "event": one_line(department.edition.name, LINE_CHARS),
        "department": one_line(department.name, LINE_CHARS),
        "title": one_line(brief.title, LINE_CHARS),
        "blocks": _printable(markdown.blocks(brief.body)),
        "attached": _("Pièces jointes, sur le site"),
        "attachments": [
            f"{one_line(attachment.filename, LINE_CHARS)} ({size_text(attachment.size)})"
            for attachment in brief.attachments.all()
        ],
    }
    return typeset("editions/brief.typ", data, at=brief.published_at)


def _printable(value: Any) -> Any:
    """Every text without control and direction characters."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or unicodedata.category(c)[0] != "C")
    if isinstance(value, list):
        return [_printable(each) for each in value]
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return value
