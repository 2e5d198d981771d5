"""What is kept of a file until it is applied: its cells, without those of sensitive columns."""

import json
from collections.abc import Collection, Mapping

from hackathon.imports.columns import columns_of
from hackathon.imports.enums import ColumnReason, Field, ImportKind
from hackathon.imports.reading import Document, Table, Unreadable
from hackathon.imports.rows import is_total


def pack(document: Document, kind: ImportKind, remembered: Mapping[str, Field]) -> bytes:
    """Raises `Unreadable`. A sheet that is not the first choice is left out if it can't be read."""
    table = document.table(kind)
    rows_of = {table.sheet: table.rows}
    for name in table.sheets:
        try:
            rows_of.setdefault(name, document.table(kind, sheet=name).rows)
        except Unreadable:
            continue
    draft = {
        "encoding": table.encoding,
        "separator": table.separator,
        "chosen": table.sheet,
        "sheets": [name for name in table.sheets if name in rows_of],
        "rows": {n: _without_sensitive(rows, kind, remembered) for n, rows in rows_of.items()},
    }
    return json.dumps(draft).encode()


def unpack(content: bytes, sheet: str = "") -> Table:
    draft = json.loads(content)
    sheet = sheet if sheet in draft["rows"] else draft["chosen"]
    others = dict(draft["rows"])
    rows = others.pop(sheet)
    encoding, separator, sheets = draft["encoding"], draft["separator"], draft["sheets"]
    return Table(rows, encoding, separator, tuple(sheets), sheet, others)


def only(content: bytes, sheet: str, header: int, numbers: Collection[int]) -> bytes:
    """The titles and these rows, with their numbers, of the sheet that was read."""
    table = unpack(content, sheet)
    rows = [
        row if index <= header or index + 1 in numbers else []
        for index, row in enumerate(table.rows)
    ]
    draft = {
        "encoding": table.encoding,
        "separator": table.separator,
        "chosen": table.sheet,
        "sheets": [table.sheet] if table.sheet else [],
        "rows": {table.sheet: rows},
    }
    return json.dumps(draft).encode()


def _without_sensitive(
    rows: list[list[str]], kind: ImportKind, remembered: Mapping[str, Field]
) -> list[list[str]]:
    """A list of students may turn out to be one of teams, which reads more columns."""
    kinds = {kind, ImportKind.TEAMS} if kind is ImportKind.STUDENTS else {kind}
    all_columns = [columns_of(rows, one, remembered) for one in kinds]
    columns = columns_of(rows, kind, remembered)
    hidden = set.intersection(
        *({c.index for c in one.all if c.reason is ColumnReason.SENSITIVE} for one in all_columns)
    )
    return [
        row
        if number <= columns.header
        else ["" if i in hidden and not is_total(cell) else cell for i, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]
