"""An OpenDocument spreadsheet with one sheet. No maintained library writes this format."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from django.utils import timezone

from hackathon.base.core.csv_files import Cell, without_formula

TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{NAMESPACE}manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
SPACES = {
    "office": "office:1.0",
    "table": "table:1.0",
    "text": "text:1.0",
    "style": "style:1.0",
    "fo": "xsl-fo-compatible:1.0",
    "number": "datastyle:1.0",
}
DECLARED = " ".join(f'xmlns:{name}="{NAMESPACE}{space}"' for name, space in SPACES.items())
# 2020-02-13 13:00:00
INSTANT = "".join(
    f'<number:{part} number:style="long"/><number:text>{after}</number:text>'
    for part, after in zip(
        ("year", "month", "day", "hours", "minutes", "seconds"), "-- :: ", strict=True
    )
)
BEGINNING = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {DECLARED} office:version="1.3">
<office:automatic-styles>
<style:style style:name="title" style:family="table-cell">
<style:text-properties fo:font-weight="bold"/>
</style:style>
<number:date-style style:name="instant-format">{INSTANT}</number:date-style>
<style:style style:name="instant" style:family="table-cell"
 style:data-style-name="instant-format"/>
</office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="1">"""
END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def ods_file(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    titles = "".join(_cell(title, "title") for title in header)
    lines = ("".join(_cell(cell) for cell in row) for row in rows)
    table = "".join(f"<table:table-row>{line}</table:table-row>" for line in (titles, *lines))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and stored, so that programs recognise the type by the first bytes of the file.
        archive.writestr("mimetype", TYPE, zipfile.ZIP_STORED)
        archive.writestr("content.xml", BEGINNING + table + END)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return file.getvalue()


def _cell(cell: Cell, style: str = "") -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, datetime):  # a spreadsheet has no zones
        local = timezone.localtime(cell).replace(tzinfo=None, microsecond=0).isoformat()
        value = f'office:value-type="date" office:date-value="{local}"'
        return f'<table:table-cell table:style-name="instant" {value}/>'
    if isinstance(cell, int | float | Decimal):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    text = escape(without_formula(NOT_IN_XML.sub("", cell)))
    # Line breaks are paragraphs; several spaces would become one.
    paragraphs = "".join(
        f"<text:p>{line.replace('  ', ' <text:s/>')}</text:p>" for line in text.splitlines() or [""]
    )
    named = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell{named} office:value-type="string">{paragraphs}</table:table-cell>'
