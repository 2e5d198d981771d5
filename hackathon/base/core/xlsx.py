import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from hackathon.base.core.csv_files import Cell, without_formula

WIDTH_MAX = 60


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
    written = WriteOnlyCell(sheet, without_formula(ILLEGAL_CHARACTERS_RE.sub("", cell)))
    written.data_type = "s"
    return written
