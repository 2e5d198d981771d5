import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

# What may follow the beginning of a cell, or a separator inside it: a program that splits at
# another separator than ours would see a cell there, and run it as a formula. A dash alone is none.
_FORMULA = re.compile(r"""(^|[;,|\t\r\n])([\s"']*)(?!-\Z)(?=[=+\-@＝＋－＠])""")

type Cell = str | int | float | Decimal | datetime | None


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, point: str = ",") -> bytes:
    """As French spreadsheets read it: « ; » between cells, all quoted, UTF-8 with a BOM. `point` is
    the decimal point of numbers.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([_text(cell, point) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def without_formula(cell: str) -> str:
    return _FORMULA.sub(r"\1\2'", cell)


def _text(cell: Cell, point: str) -> str:
    """Instants are in the active time zone."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}"
    return without_formula(cell) if isinstance(cell, str) else str(cell).replace(".", point)
