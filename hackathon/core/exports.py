"""The lists of organizers as files. A view calls `exported` after its check of rights."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from hackathon.core.csv_files import Cell, csv_file, without_formula

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH_MAX = 60

# The title of each column, and its cell in a line.
type Columns = Sequence[tuple[str | Promise, Callable[[Any], Cell]]]


def exported(
    request: HttpRequest, name: str, columns: Columns, lines: Callable[[], Iterable[Any]]
) -> HttpResponse | None:
    """The list as a file, if `export=csv` or `export=xlsx` asks for it, in the address or in the
    form. `name` has no suffix.
    """
    kind = request.POST.get("export", "") or request.GET.get("export", "")
    if kind not in ("csv", "xlsx"):
        return None
    header = [str(title) for title, _cell in columns]
    rows = [[cell(line) for _title, cell in columns] for line in lines()]
    if kind == "csv":
        response = HttpResponse(csv_file(header, rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_file(header, rows), content_type=XLSX_TYPE)
    filename = f"{slugify(name)}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, filename) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def xlsx_file(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number, title in enumerate(header):
        longest = max([len(title), *(len(str(row[number])) for row in rows)])
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(longest + 2, WIDTH_MAX)
    sheet.freeze_panes = "A2"
    titles = [WriteOnlyCell(sheet, title) for title in header]
    for cell in titles:
        cell.font = Font(bold=True)
    sheet.append(titles)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, datetime):  # a spreadsheet has no zones
        return timezone.localtime(cell).replace(tzinfo=None, microsecond=0)
    if not isinstance(cell, str):
        return cell
    # A text that is saved as CSV afterwards must not become a formula either.
    found = WriteOnlyCell(sheet, without_formula(ILLEGAL_CHARACTERS_RE.sub("", cell)))
    found.data_type = "s"
    return found
