import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings


def typeset(
    sheet: str | Path, data: Mapping[str, Any], *, begin: str = "", at: datetime | None = None
) -> bytes:
    """`sheet`: below `templates`, or a path of an extra. It reads `data` as JSON, so text of users
    is never markup. `begin`: a sheet that is put before it, and reads the data for it. Raises
    `TypstError`.
    """
    templates = Path(settings.BASE_DIR) / "templates"
    path = templates / (begin or sheet)
    source = path.read_bytes() + ((templates / sheet).read_bytes() if begin else b"")
    # Its types want a root of the same type as the source.
    pdf = typst.compile(  # type: ignore[call-overload]
        source,
        root=path.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={path.stem: json.dumps(data)},
        timestamp=at and at.replace(microsecond=0),  # Typst accepts whole seconds only
    )
    assert isinstance(pdf, bytes)  # one document in one format
    # It says nothing, and poppler reports it as an error. The same length: offsets stay right.
    return pdf.replace(b"/Suspects false", b" " * 15)


def one_line(text: str, characters: int) -> str:
    """Without control and direction characters, cut after so many `characters`."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= characters else line[:characters] + "…"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
