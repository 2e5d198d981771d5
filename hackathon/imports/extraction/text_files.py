"""CSV and its relatives: encodings and separators."""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from hackathon.imports.extraction.tables import ROWS_MAX, Extract, NotExtracted, Reason, extracted

SEPARATORS = (";", "\t", ",", "|")  # of two that fit as well, the earlier one
OTHER_TEXT = re.compile(
    r"\s*(<(!doctype|html|\?xml|table|head|body|meta)\b|\{\\rtf|%PDF|\[\s*\{|\{\s*\")",
    re.IGNORECASE,
)
QUOTED_LINE = re.compile(r'"(?:[^"]|"")*"')
RECIPIENT = re.compile(r"[^<>@]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def extracts(content: bytes) -> Iterator[Extract]:
    """One for each separator that occurs, in their order. Raises `NotExtracted`."""
    text, encoding = _decoded(content)
    for extract in _by_separator(text):
        yield extract._replace(encoding=encoding)


def _decoded(content: bytes) -> tuple[str, str]:
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
    raise NotExtracted(Reason.UNREADABLE)


def _utf_16_without_bom(content: bytes) -> str:
    """In UTF-16 every other byte of a French text is zero."""
    sample = content[:2000]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    return ""


def _by_separator(text: str) -> Iterator[Extract]:
    first, _newline, rest = text.partition("\n")
    if (declared := first.strip().lower()) in [f"sep={separator}" for separator in SEPARATORS]:
        # Excel reads this line and doesn't show it, but counts it.
        yield _parsed(rest, declared[-1], before=1)
        return
    text = _unwrapped(text)
    if "<" in first and (recipients := _recipients(text)):
        yield extracted([recipient] for recipient in recipients)
        return
    occurring = [separator for separator in SEPARATORS if separator in text]
    readings = [_parsed(text, separator) for separator in occurring or SEPARATORS[:1]]
    # A separator may occur only where it does not separate.
    yield from [extract for extract in readings if extract.regularity] or [
        readings[0]._replace(separator=None)
    ]


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


def _parsed(text: str, separator: str, *, before: int = 0) -> Extract:
    """`before`: rows above the text. If a quotation mark is open, no mark has a meaning."""
    csv.field_size_limit(max(len(text), 1))
    quote_open = 0
    try:
        extract, widths = _read(text, separator, csv.QUOTE_MINIMAL, before)
    except _QuoteOpen as error:
        extract, widths = _read(text, separator, csv.QUOTE_NONE, before)
        # Spreadsheets copy a cell that begins with a quotation mark as it is, between tabs.
        quote_open = 0 if separator == "\t" else error.row
    regularity = _regularity(widths)
    return extract._replace(separator=separator, regularity=regularity, quote_open=quote_open)


class _QuoteOpen(Exception):
    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def _read(
    text: str, separator: str, quoting: Literal[0, 3], before: int
) -> tuple[Extract, list[int]]:
    """Also how many cells each row has, of the first rows that are not empty."""
    widths: list[int] = []
    number = before

    def rows() -> Iterator[list[str]]:
        nonlocal number
        lines = io.StringIO(text, newline="")
        for row in csv.reader(lines, delimiter=separator, quoting=quoting, strict=True):
            number += 1
            if len(widths) < ROWS_MAX and any(row):
                widths.append(len(row))
            yield row

    try:
        return extracted(rows(), before=before), widths
    except csv.Error as error:
        raise _QuoteOpen(number + 1) from error


def _regularity(widths: list[int]) -> float:
    """How many rows have as many cells as most. 0: the separator is in no row."""
    divided = Counter(width for width in widths if width > 1)
    if not divided:
        return 0
    usual, count = divided.most_common(1)[0]
    return count / len(widths) + usual / 10_000
