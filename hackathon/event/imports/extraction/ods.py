"""Merged cells of ODS files, which python-calamine does not report."""

import html
import re
from collections.abc import Iterator

from hackathon.event.imports.extraction.tables import Range

TABLE = re.compile(
    rb'<table:table\b[^>]*\btable:name="([^"]*)"[^>]*>(.*?)</table:table>', re.DOTALL
)
ROW = re.compile(rb"<table:table-row\b(?:([^>]*)/>|([^>]*)>(.*?)</table:table-row>)", re.DOTALL)
CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
SPANNED = re.compile(rb'number-rows-spanned="(\d+)"')
COLUMNS_SPANNED = re.compile(rb'number-columns-spanned="(\d+)"')


def merged_over_rows(content: bytes) -> dict[str, list[Range]]:
    """By sheet name. Ranges within one row are left out."""
    by_sheet: dict[str, list[Range]] = {}
    for name, rows in TABLE.findall(content):
        ranges = list(_ranges(rows)) if SPANNED.search(rows) else []
        by_sheet.setdefault(html.unescape(name.decode(errors="replace")), ranges)
    return by_sheet


def _ranges(rows: bytes) -> Iterator[Range]:
    row = 0
    for alone, attributes, inside in ROW.findall(rows):
        column = 0
        for cell in CELL.findall(inside):
            if (height := _number(SPANNED, cell)) > 1:
                width = _number(COLUMNS_SPANNED, cell)
                yield (row, column), (row + height - 1, column + width - 1)
            column += _number(REPEATED, cell)
        row += _number(REPEATED, alone or attributes)


def _number(attribute: re.Pattern[bytes], text: bytes) -> int:
    match = attribute.search(text)
    return int(match[1]) if match else 1
