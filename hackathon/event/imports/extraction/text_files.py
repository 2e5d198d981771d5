"""CSV and its relatives: encodings and separators."""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Literal

from hackathon.event.imports.extraction.tables import Extract, NotExtracted, Reason, extracted

SEPARATORS = ("\t", ";", ",")  # of two that fit as well, the earlier one
OTHER_TEXT = re.compile(
    r"\s*(<(!doctype|html|\?xml|table|head|body|meta)\b|\{\\rtf|%PDF|\[\s*\{|\{\s*\")",
    re.IGNORECASE,
)
RECIPIENT = re.compile(r"[^<>@]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+")
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def extracts(content: bytes) -> Iterator[Extract]:
    """One, with the separator that divides most rows alike. Raises `NotExtracted`."""
    text, encoding = _decoded(content)
    readings = [_parsed(text, separator) for separator in SEPARATORS if separator in text]
    best = max(readings, key=_regularity, default=None)
    if recipients := _recipients(text):
        best = extracted([recipient] for recipient in recipients)
    elif best is None or not _regularity(best):  # it may occur only where it does not separate
        best = (best or _parsed(text, ";"))._replace(separator=None)
    yield best._replace(encoding=encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    """Also the name of the encoding."""
    encoding = next((name for bom, name in BOMS.items() if content.startswith(bom)), "")
    for candidate in (encoding,) if encoding else ("utf-8", "windows-1252"):
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if OTHER_TEXT.match(text):
            break
        text = text.rstrip("\x1a\0")  # how DOS ends a text
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f\v" for c in text):
            return text, candidate
    raise NotExtracted(Reason.UNREADABLE)


def _recipients(text: str) -> list[str]:
    """« "Petit, Zoé" <zoe@…>, Anne <anne@…> », as in a mail; empty if the text is anything else."""
    if "<" not in text.partition("\n")[0]:
        return []
    try:
        rows = list(csv.reader(text.replace(";", ",").splitlines(), skipinitialspace=True))
    except csv.Error:
        return []
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    return cells if all(map(RECIPIENT.fullmatch, cells)) else []


def _parsed(text: str, separator: str, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> Extract:
    """If a quotation mark is open, no mark has a meaning."""
    csv.field_size_limit(max(len(text), 1))
    lines = io.StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=separator, quoting=quoting, strict=True)
    numbers = count(1)
    try:
        extract = extracted(row for row, _number in zip(rows, numbers, strict=False))
    except csv.Error:
        extract = _parsed(text, separator, csv.QUOTE_NONE)
        # Spreadsheets copy a cell that begins with a quotation mark as it is, between tabs.
        extract = extract._replace(quote_open=0 if separator == "\t" else next(numbers))
    return extract._replace(separator=separator)


def _regularity(extract: Extract) -> float:
    """How many rows have as many cells as most. 0: the separator is in no row."""
    widths = [len(row) for row in extract.rows if any(row)]
    divided = Counter(width for width in widths if width > 1)
    if not divided:
        return 0
    usual, number = divided.most_common(1)[0]
    return number / len(widths) + usual / 10_000
