"""XLSX, XLS and ODS."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time

import python_calamine as calamine

from hackathon.event.imports.extraction import ods
from hackathon.event.imports.extraction.tables import (
    COLUMNS_MAX,
    Extract,
    NotExtracted,
    Range,
    Reason,
    extracted,
)

ARCHIVE = b"PK\x03\x04"  # XLSX and ODS
BEGINNINGS = (ARCHIVE, b"\xd0\xcf\x11\xe0")  # XLS
# calamine reports no password. In the directory of a locked XLSX, and in the manifest of an ODS:
LOCKED = "EncryptedPackage".encode("utf-16-le")
MANIFEST, ENCRYPTED = "META-INF/manifest.xml", b"encryption-data"
READ_ERRORS = (
    calamine.CalamineError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError,
    RuntimeError, ValueError,
)  # fmt: skip


def extracts(content: bytes) -> Iterator[Extract]:
    """One for each sheet, in their order. Raises `NotExtracted`."""
    try:
        merged = _merged(content)
        if not content.startswith(ARCHIVE) and LOCKED in content:
            raise NotExtracted(Reason.LOCKED)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            extract = _extract(book.get_sheet_by_name(sheet.name), merged.get(sheet.name, []))
            is_hidden = sheet.visible is not calamine.SheetVisibleEnum.Visible
            yield extract._replace(name=sheet.name, is_hidden=is_hidden)
    except READ_ERRORS as error:
        raise NotExtracted(Reason.UNREADABLE) from error


def _extract(sheet: calamine.CalamineSheet, merged: list[Range]) -> Extract:
    _row, column = sheet.start or (0, 0)
    margin = [""] * min(column, COLUMNS_MAX)  # `iter_rows` leaves out these columns, but no rows
    rows = (margin + [_text(cell) for cell in row] for row in sheet.iter_rows())
    return extracted(rows, merged=sheet.merged_cell_ranges or merged)


def _merged(content: bytes) -> dict[str, list[Range]]:
    """Of an ODS, by sheet: calamine does not report them. Raises `NotExtracted`."""
    if content.startswith(ARCHIVE):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if MANIFEST in names and ENCRYPTED in archive.read(MANIFEST):
                raise NotExtracted(Reason.LOCKED)
            if "content.xml" in names:
                return ods.merged_over_rows(archive.read("content.xml"))
    return {}


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell)
