"""What is kept of a file until it is applied: its cells, without those of sensitive columns."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress

from hackathon.event.imports.columns import columns_of
from hackathon.event.imports.enums import ColumnReason, Field, ImportKind
from hackathon.event.imports.reading import Document, Table, Unreadable
from hackathon.event.imports.rows import is_total


def pack(document: Document, kind: ImportKind, remembered: Mapping[str, Field]) -> bytes:
    """Raises `Unreadable`. A sheet that is not the first choice is left out if it can't be read."""
    table = document.table()
    rows_of = {}
    for name in table.sheets or ("",):
        with suppress(Unreadable):
            rows = document.table(name).rows
            rows_of[name] = _without_sensitive(rows, kind, remembered)
    return json.dumps({"chosen": table.sheet, "rows": rows_of}).encode()


def unpack(content: bytes, sheet: str = "") -> Table:
    draft = json.loads(content)
    others = draft["rows"]
    sheets = tuple(name for name in others if name)
    sheet = sheet if sheet in others else draft["chosen"]
    return Table(others.pop(sheet), sheets=sheets, sheet=sheet, others=others)


def only(content: bytes, sheet: str, header: int, numbers: Collection[int]) -> bytes:
    """The titles and these rows, with their numbers, of the sheet that was read."""
    table = unpack(content, sheet)
    rows = [
        row if index <= header or index + 1 in numbers else []
        for index, row in enumerate(table.rows)
    ]
    return json.dumps({"chosen": table.sheet, "rows": {table.sheet: rows}}).encode()


def _without_sensitive(
    rows: list[list[str]], kind: ImportKind, remembered: Mapping[str, Field]
) -> list[list[str]]:
    columns = columns_of(rows, kind, remembered)
    hidden = {c.index for c in columns.all if c.reason is ColumnReason.SENSITIVE}
    return [
        row
        if number <= columns.header
        else ["" if i in hidden and not is_total(cell) else cell for i, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]
