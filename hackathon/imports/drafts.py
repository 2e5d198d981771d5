"""What is kept of a file until it is applied: its cells, without those of sensitive columns."""

import json
from collections.abc import Mapping

from hackathon.imports.enums import ColumnReason, Field, ImportKind
from hackathon.imports.headers import columns_of
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
    rows = draft["rows"][sheet]
    return Table(rows, draft["encoding"], draft["separator"], tuple(draft["sheets"]), sheet)


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
