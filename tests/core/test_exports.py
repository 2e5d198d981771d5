import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from openpyxl import load_workbook

from hackathon.base.core.exports import Columns, exported

AT = datetime(2020, 2, 13, 12, tzinfo=UTC)
COLUMNS: Columns = [
    ("nom", lambda line: line[0]),
    ("étage", lambda line: line[1]),
    ("note", lambda line: line[2]),
    ("quand", lambda line: line[3]),
]
FORMULAS = ["=cmd|'/c calc'!A1", "Zut;=cmd|'/c calc'!A1", "Zut\t@SUM(1)", "+33 6"]


def export(kind: str, *lines: Any) -> Any:
    request = RequestFactory().get("/", {"export": kind})
    with timezone.override("Europe/Paris"):
        return exported(request, "Équipes ccd", COLUMNS, lambda: lines)


def test_a_csv_file_as_french_spreadsheets_read_it():
    response = export("csv", ("Zoé", -1, 12.5, AT), ("", None, None, None))

    assert response.content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["nom", "étage", "note", "quand"],
        ["Zoé", "-1", "12,5", "2020-02-13 13:00:00"],
        ["", "", "", ""],
    ]
    assert response["Content-Disposition"] == 'attachment; filename="equipes-ccd.csv"'
    assert response["Cache-Control"] == "private, no-store"


def test_an_xlsx_file_with_numbers_and_instants():
    response = export("xlsx", ("Zoé\x07", -1, 12.5, AT))

    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["nom", "étage", "note", "quand"],
        ["Zoé", -1, 12.5, AT.replace(tzinfo=None, hour=13)],
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(kind, text):
    response = export(kind, (text, None, None, None))

    if kind == "csv":
        assert "'" in response.content.decode("utf-8-sig").splitlines()[1]
        return
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"
    assert "'" in sheet["A2"].value


@pytest.mark.parametrize("kind", ["", "pdf"])
def test_without_a_known_kind_the_page_is_shown(kind):
    assert export(kind) is None
