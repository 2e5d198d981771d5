"""Bytes to rows of text cells."""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from typing import Literal

import python_calamine as calamine

from hackathon.core.errors import Refusal, RefusalCode, refuse
from hackathon.core.formats import size_text
from hackathon.imports import headers, ods
from hackathon.imports.enums import ImportKind
from hackathon.imports.errors import ImportRefusal
from hackathon.imports.texts import clean

BYTES_MAX = 5_000_000
UNPACKED_MAX = 100_000_000  # of an XLSX or ODS file, which are ZIP archives
ROWS_MAX = 10_000
COLUMNS_MAX = 200
SEPARATORS = (";", "\t", ",", "|")  # of two that fit as well, the earlier one
CELLS_MAX = 5_000_000
FILLED_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^/>])?>')
OTHER_TEXT = re.compile(
    r"\s*(<(!doctype|html|\?xml|table|head|body|meta)\b|\{\\rtf|%PDF|\[\s*\{|\{\s*\")",
    re.IGNORECASE,
)
QUOTED_LINE = re.compile(r'"(?:[^"]|"")*"')
RECIPIENT = re.compile(r"[^<>@]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+")
VISIBLE = calamine.SheetVisibleEnum.Visible
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and ODS; XLS
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Unreadable(Exception):
    """`row` is that of a spreadsheet: the first one is 1."""

    def __init__(self, refusal: Refusal, row: int = 1) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.row = row


@dataclass(frozen=True)
class Table:
    """A cell is text without spaces around it. Missing cells at the end of a row are empty."""

    rows: list[list[str]]
    encoding: str | None = None  # a name that Python knows; None for a workbook
    separator: str | None = None
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def read(content: bytes, kind: ImportKind, *, sheet: str = "") -> Table:
    """Raises `Unreadable`. `kind` decides between separators, by the titles that it gives."""
    if len(content) > BYTES_MAX:
        raise _unreadable(ImportRefusal.TOO_LARGE, max=size_text(BYTES_MAX))
    if content.startswith(WORKBOOKS):
        table = _read_workbook(content, sheet, kind)
    else:
        table = _read_text(*decode(content), kind)
    rows = [[clean(cell) for cell in row[:COLUMNS_MAX]] for row in table.rows]
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > ROWS_MAX:
        raise _unreadable(ImportRefusal.TOO_MANY_ROWS, rows=len(rows), max=ROWS_MAX)
    return Table(rows, table.encoding, table.separator, table.sheets, table.sheet)


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding."""
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), "")
    encoding = encoding or _utf_16_without_bom(content)
    for candidate in (encoding,) if encoding else ("utf-8", "windows-1252"):
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if OTHER_TEXT.match(text):
            break
        text = text.rstrip("\x1a\0")  # how DOS ends a text
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f\v" for c in text):
            return text, "utf-16" if candidate.startswith("utf-16") else candidate
    raise _unreadable(ImportRefusal.UNREADABLE)


def _utf_16_without_bom(content: bytes) -> str:
    """In UTF-16 every other byte of a French text is zero."""
    sample = content[:2000]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    return ""


def _read_text(text: str, encoding: str, kind: ImportKind) -> Table:
    first, _newline, rest = text.partition("\n")
    if (declared := first.strip().lower()) in [f"sep={separator}" for separator in SEPARATORS]:
        # Excel reads this line and doesn't show it, but counts it.
        rows, failure = _parse(rest, declared[-1])
        return _checked(Table([[], *rows], encoding, declared[-1]), failure)
    text = _unwrapped(text)
    if "<" in first and (recipients := _recipients(text)):
        return Table([[recipient] for recipient in recipients], encoding)
    parsed = [(*_parse(text, separator), separator) for separator in SEPARATORS]
    rows, failure, separator = max(parsed, key=lambda found: _score(found[0], kind))
    occurs = any(len(row) > 1 for row in rows)
    return _checked(Table(rows, encoding, separator if occurs else None), failure)


def _recipients(text: str) -> list[str]:
    """« "Petit, Zoé" <zoe@…>, Anne <anne@…> », as in a mail; empty if the text is anything else."""
    try:
        rows = list(csv.reader(text.replace(";", ",").splitlines(), skipinitialspace=True))
    except csv.Error:
        return []
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    return cells if all(map(RECIPIENT.fullmatch, cells)) else []


def _unwrapped(text: str) -> str:
    """A table saved as one column has quotation marks around each of its lines."""
    lines = re.split(r"\r\n|\r|\n", text)
    if not all(QUOTED_LINE.fullmatch(line) for line in lines if line) or not any(lines):
        return text
    return "\n".join(line[1:-1].replace('""', '"') for line in lines)


def _checked(table: Table, failure: Unreadable | None) -> Table:
    if failure is not None:
        raise failure
    return table


def _parse(text: str, separator: str) -> tuple[list[list[str]], Unreadable | None]:
    """With a failure, the rows are those without a meaning of quotation marks."""
    try:
        return _records(text, separator, csv.QUOTE_MINIMAL), None
    except Unreadable as error:
        failure = error
    rows = _records(text, separator, csv.QUOTE_NONE)
    # Spreadsheets copy a cell that begins with a quotation mark as it is, between tabs.
    return rows, None if separator == "\t" else failure


def _records(text: str, separator: str, quoting: Literal[0, 3]) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, quoting=quoting, strict=True
    )
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise _unreadable(ImportRefusal.QUOTE_OPEN, row=len(rows) + 1) from error
    return rows


def _score(rows: list[list[str]], kind: ImportKind) -> tuple[int, float]:
    """Known titles, then how many rows have as many cells as most. (…, 0): it is in no row."""
    titles = _titles(rows, kind)
    widths = [len(row) for row in rows if any(row)]
    split = [width for width in widths if width > 1]
    if not split:
        return titles, 0
    usual = max(set(split), key=split.count)
    return titles, split.count(usual) / len(widths) + usual / 10_000


def _titles(rows: list[list[str]], kind: ImportKind) -> int:
    header = headers.header_row(rows, kind)
    return headers.known_titles(rows[header], kind, {}) if header >= 0 else 0


def _read_workbook(content: bytes, wanted: str, kind: ImportKind) -> Table:
    merged = _check_archive(content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = tuple(book.sheet_names)
        hidden = {m.name for m in book.sheets_metadata if m.visible is not VISIBLE}
        if wanted and wanted not in sheets:
            raise _unreadable(ImportRefusal.SHEET_UNKNOWN, sheet=wanted)
        rows_of = {
            name: _rows(book, name, merged.get(name, []))
            for name in ([wanted] if wanted else sheets)
        }
    except calamine.PasswordError as error:
        raise _unreadable(ImportRefusal.LOCKED) from error
    except (calamine.CalamineError, OSError, ValueError, KeyError) as error:
        raise _unreadable(ImportRefusal.UNREADABLE) from error
    if not rows_of:
        raise _unreadable(ImportRefusal.UNREADABLE)
    # A visible one, with the most titles that are known; the first filled one if there are none.
    chosen = max(
        rows_of,
        key=lambda name: (
            name not in hidden and any(map(any, rows_of[name])),
            _titles(rows_of[name], kind),
            any(map(any, rows_of[name])),
        ),
    )
    return Table(rows_of[chosen], None, None, sheets, chosen)


def _rows(book: calamine.CalamineWorkbook, name: str, merged: list[ods.Range]) -> list[list[str]]:
    """A cell that is merged over several rows is in all of them."""
    sheet = book.get_sheet_by_name(name)
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or merged:
        for row in rows[top + 1 : bottom + 1]:  # slices: it may be beside the filled cells
            row[left : left + 1] = rows[top][left : left + 1]
    return rows


def _check_archive(content: bytes) -> dict[str, list[ods.Range]]:
    """A small archive can unpack to gigabytes. Returns the merged cells of an ODS by sheet."""
    merged: dict[str, list[ods.Range]] = {}
    if not content.startswith(WORKBOOKS[0]):
        return merged
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > UNPACKED_MAX:
                raise _unreadable(ImportRefusal.TOO_LARGE, max=size_text(UNPACKED_MAX))
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_extent(archive.read(name))
                if name == "content.xml":
                    _check_repeated(inside := archive.read(name))
                    merged = ods.merged_over_rows(inside)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError) as error:
        raise _unreadable(ImportRefusal.UNREADABLE) from error
    return merged


def _check_extent(sheet: bytes) -> None:
    """The reader allocates a rectangle: one cell at the far end would take all memory."""
    last_row = last_column = 0
    for letters, row in FILLED_CELL.findall(sheet):
        last_row = max(last_row, int(row))
        last_column = max(last_column, reduce(lambda n, c: 26 * n + c - 64, letters, 0))
    if last_row * last_column > CELLS_MAX:
        raise _unreadable(ImportRefusal.TOO_MANY_ROWS, rows=last_row, max=ROWS_MAX)


def _check_repeated(content: bytes) -> None:
    """The reader writes a repeated cell of an ODS out as often as its attribute requests."""
    cells = 0
    for times, filled in ods.cell_counts(content):
        cells += filled
        if cells > CELLS_MAX:
            raise _unreadable(ImportRefusal.TOO_MANY_ROWS, rows=times, max=ROWS_MAX)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell)


def _unreadable(code: RefusalCode, *, row: int = 1, **params: object) -> Unreadable:
    return Unreadable(refuse(code, **params), row)
