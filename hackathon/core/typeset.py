"""Pages on paper: set by Typst, the same on every machine."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings


def typeset(sheet: str, data: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """The PDF that `templates/<sheet>` makes of `data`, found there as JSON under its own name in
    `sys.inputs`: whatever people typed is data there, never markup.

    `at`: the instant the PDF says it was made. Raises `typst.TypstError` for a sheet with a fault.
    """
    path = Path(settings.BASE_DIR) / "templates" / sheet
    pdf = typst.compile(
        path,
        root=path.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={path.stem: json.dumps(data)},
        timestamp=at and at.replace(microsecond=0),  # Typst takes no parts
    )
    assert isinstance(pdf, bytes)  # one document in one format
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Those that Typst brings along."""
    return typst.Fonts(include_system_fonts=False)
