"""What the process prints. Plain values, which the site does not trust either."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from hackathon.event.imports.texts import clean

type Range = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), from 0

ROWS_MAX = 10_000
COLUMNS_MAX = 200
CELLS_MAX = 1_000_000  # in all sheets
CHARACTERS_MAX = 5_000  # of a cell: what follows is left out, and no field is as long


class Extract(NamedTuple):
    """A sheet of a workbook, or a text.

    `rows` have at most `ROWS_MAX` rows, from the first one; `last` is the number of the last row
    with a filled cell.
    """

    rows: list[list[str]]
    last: int
    name: str = ""
    is_hidden: bool = False
    encoding: str | None = None  # a name that Python knows; None for a workbook
    separator: str | None = None
    quote_open: int = 0  # row with a quotation mark that is never closed; 0: none


class Reason(StrEnum):
    """Each is the code of an `ImportRefusal`."""

    UNREADABLE = "unreadable"
    LOCKED = "locked"
    TOO_HEAVY = "too_heavy"


class NotExtracted(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def extracted(rows: Iterable[Sequence[str]], *, merged: Iterable[Range] = ()) -> Extract:
    """A cell that is merged over several rows is in all of them."""
    table: list[list[str]] = []
    beyond = 0
    for number, row in enumerate(rows, 1):
        cells = [cell and clean(cell[:CHARACTERS_MAX]) for cell in row[:COLUMNS_MAX]]
        if number <= ROWS_MAX:
            table.append(cells)
        elif any(cells):
            beyond = number
    for (top, left), (bottom, _right) in merged:
        for cells in table[top + 1 : bottom + 1]:  # slices: it may be beside the filled cells
            cells[left : left + 1] = table[top][left : left + 1]
    while table and not any(table[-1]):
        table.pop()
    return Extract(table, beyond or len(table))


def as_json(extracts: list[Extract]) -> bytes:
    return json.dumps([extract._asdict() for extract in extracts]).encode()


def reason_as_json(reason: Reason) -> bytes:
    return json.dumps(reason).encode()


def from_json(answer: bytes) -> list[Extract]:
    """Raises `NotExtracted`, and `ValueError` for anything but the output of the two above."""
    try:
        parsed = json.loads(answer)
        if isinstance(parsed, str):
            raise NotExtracted(Reason(parsed))
        extracts = [Extract(**fields) for fields in parsed]
        if not extracts or not all(map(_is_whole, extracts)):
            raise ValueError("Not an extract.")
    except (TypeError, RecursionError) as error:
        raise ValueError("Not an extract.") from error
    return extracts


def _is_whole(extract: Extract) -> bool:
    return (
        all(isinstance(value, str) for row in extract.rows for value in row)
        and len(extract.rows) <= ROWS_MAX
        and all(isinstance(row, list) and len(row) <= COLUMNS_MAX for row in extract.rows)
        and isinstance(extract.last, int)
        and isinstance(extract.quote_open, int)
        and isinstance(extract.name, str)
        and isinstance(extract.encoding, str | None)
        and isinstance(extract.separator, str | None)
    )
