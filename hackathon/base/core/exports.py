"""The lists of organizers as files. A view calls `exported` after its check of rights."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from hackathon.base.core import ods
from hackathon.base.core.csv_files import Cell, csv_file

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# The title of each column, and its cell in a line.
type Columns = Sequence[tuple[str | Promise, Callable[[Any], Cell]]]


def exported(
    request: HttpRequest,
    name: str,
    columns: Columns,
    lines: Callable[[], Iterable[Any]],
    *,
    point: str = ",",
) -> HttpResponse | None:
    """The list as a file, if `export=csv`, `xlsx` or `ods` asks for it, in the address or in the
    form. `name` has no suffix. `point` is the decimal point of numbers in CSV.
    """
    kind = request.POST.get("export", "") or request.GET.get("export", "")
    if kind not in ("csv", "xlsx", "ods"):
        return None
    header = [str(title) for title, _cell in columns]
    rows = [[cell(line) for _title, cell in columns] for line in lines()]
    if kind == "csv":
        content = csv_file(header, rows, point=point)
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    elif kind == "ods":
        response = HttpResponse(ods.ods_file(header, rows), content_type=ods.TYPE)
    else:
        return xlsx_response(name, header, rows)
    return _downloaded(response, f"{slugify(name)}.{kind}")


def xlsx_response(name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> HttpResponse:
    # Its library takes a fifth of a second, which other processes need not wait for.
    from hackathon.base.core.xlsx import xlsx_file

    response = HttpResponse(xlsx_file(header, rows), content_type=XLSX_TYPE)
    return _downloaded(response, f"{slugify(name)}.xlsx")


def _downloaded(response: HttpResponse, filename: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(True, filename) or ""
    response["Cache-Control"] = "private, no-store"
    return response
