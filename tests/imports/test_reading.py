import io

import openpyxl
import pytest

from hackathon.base.core.errors import refuse
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.extraction.tables import ROWS_MAX
from hackathon.event.imports.reading import Table, Unreadable, read
from tests.imports.files import (
    ENCODINGS,
    PLAIN,
    SEPARATORS,
    as_csv,
    as_ods,
    as_xlsx,
)
from tests.imports.hostile import locked_ods, locked_xlsx, packed


def texts(rows: tuple[tuple[object, ...], ...]) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encoding_and_separator_are_detected_from_the_content(encoding, separator):
    table = read(as_csv(PLAIN, separator, encoding))

    assert table == Table(texts(PLAIN), encoding, separator)


@pytest.mark.parametrize("write", [as_xlsx, as_ods])
def test_a_sheet_is_chosen(write):
    content = write(("Vide", ()), ("Élèves", PLAIN), ("Notes", (("x",), ("y",))))  # type: ignore[operator]

    assert read(content).sheet == "Élèves"  # the first one that is not empty
    assert read(content).sheets == ("Vide", "Élèves", "Notes")
    assert read(content, sheet="Notes").rows == [["x"], ["y"]]
    with pytest.raises(Unreadable) as refused:
        read(content, sheet="Autre")
    assert refused.value.refusal.code == ImportRefusal.SHEET_UNKNOWN


@pytest.mark.parametrize("write", [as_xlsx, as_ods])
def test_numbers_of_a_workbook_are_whole(write):
    content = write(("A", (("code_nip", "mail"), (32100001.0, "a@x.fr"), (12.5, "b@x.fr"))))  # type: ignore[operator]

    assert [row[0] for row in read(content).rows] == ["code_nip", "32100001", "12.5"]


def test_rows_keep_the_numbers_of_the_spreadsheet():
    content = as_xlsx(("A", ((), ("", ""), ("", "mail"), (), ("", "a@x.fr"), ("", ""), ())))

    assert read(content).rows == [
        ["", ""],
        ["", ""],
        ["", "mail"],
        ["", ""],
        ["", "a@x.fr"],
    ]


def test_line_breaks_separators_and_quotation_marks_in_quoted_cells():
    rows = (("nom", "mail"), ('De "la"\nTour; Anne', "anne@x.fr"), ("B", "b@x.fr"))

    assert read(as_csv(rows)).rows == texts(rows)


def test_commas_in_cells_do_not_hide_the_semicolons():
    content = "nom;mail\nDurand, Zoé;zoe@x.fr\nLe Goff, Anne;anne@x.fr\n"

    assert read(content.encode()).separator == ";"


def test_commas_in_cells_do_not_hide_the_tabs():
    content = "Nom, Prénom\tMail\nDurand, Zoé\tzoe@x.fr\nLe Goff, Anne\tanne@x.fr\n"

    assert read(content.encode()).separator == "\t"


def test_the_separator_line_of_excel_counts_as_a_row():
    table = read(b"sep=,\nnom,mail\nA,a@x.fr\n")

    assert (table.rows, table.separator) == ([["sep=", ""], ["nom", "mail"], ["A", "a@x.fr"]], ",")


def test_one_column_has_no_separator():
    table = read(b"mail\na@x.fr\nb@x.fr\n")

    assert (table.rows, table.separator) == ([["mail"], ["a@x.fr"], ["b@x.fr"]], None)


def test_cells_that_are_pasted_keep_their_quotation_marks():
    table = read(b'nom\tequipe\tmail\nA\t"Zut" alors\ta@x.fr\n')

    assert table.rows[1] == ["A", '"Zut" alors', "a@x.fr"]


def test_accents_of_two_characters_become_one():
    assert read("prénom;mail\nZoé;z@x.fr\n".encode()).rows[1][0] == "Zoé"


def test_an_open_quotation_mark_is_an_error_and_swallows_no_row():
    with pytest.raises(Unreadable) as refused:
        read(b'nom;mail\nA;a@x.fr\n"B;b@x.fr\nC;c@x.fr\n')

    assert refused.value.refusal.code == ImportRefusal.QUOTE_OPEN
    assert refused.value.row == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n\x00\x01\x02", ImportRefusal.UNREADABLE),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ImportRefusal.UNREADABLE),
        (b"<table><tr><td>nom</td><td>mail</td></tr></table>", ImportRefusal.UNREADABLE),
        (b"\n<!DOCTYPE html>\n<p>nom;mail</p>", ImportRefusal.UNREADABLE),
        (b"{\\rtf1 nom;mail}", ImportRefusal.UNREADABLE),
        (b"PK\x03\x04 no archive", ImportRefusal.UNREADABLE),
        (as_xlsx(("A", PLAIN))[:800], ImportRefusal.UNREADABLE),
        (b"\xff\xfea", ImportRefusal.UNREADABLE),  # half a character of UTF-16
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ImportRefusal.UNREADABLE),  # Excel 97
        (packed({"word/document.xml": "<document/>"}), ImportRefusal.UNREADABLE),
        (b'<?xml version="1.0"?><Workbook/>', ImportRefusal.UNREADABLE),
        (b'[{"nom": "A", "mail": "a@x.fr"}]', ImportRefusal.UNREADABLE),
        ("nom;mail\nZoé;a@x.fr\n".encode("utf-32"), ImportRefusal.UNREADABLE),
        ("nom;mail\nLéger;a@x.fr\nHélène;b@x.fr\n".encode("mac_roman"), ImportRefusal.UNREADABLE),
        (b"nom;mail\nZo\x00e;a@x.fr\n", ImportRefusal.UNREADABLE),
        (b"mail\n" + b"a@x.fr\n" * 800_000, ImportRefusal.TOO_LARGE),
        (b"mail\n" + b"a@x.fr\n" * ROWS_MAX, ImportRefusal.TOO_MANY_ROWS),
    ],
)
def test_what_is_no_table_is_refused(content, code):
    with pytest.raises(Unreadable) as refused:
        read(content)

    assert refused.value.refusal.code == code


def test_the_rows_of_a_workbook_are_counted_to_the_last_filled_one():
    rows = [("mail",)] + [()] * ROWS_MAX + [("", "x"), (), ("", "")]

    with pytest.raises(Unreadable) as refused:
        read(as_xlsx(("A", rows)))

    assert refused.value.refusal == refuse(
        ImportRefusal.TOO_MANY_ROWS, rows=ROWS_MAX + 2, max=ROWS_MAX
    )


def test_a_cell_that_is_merged_over_rows_is_in_each():
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Équipe", "mail"], ["Les Élans", "a@x.fr"], [None, "b@x.fr"], ["X", "c@x.fr"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("F1:F9")  # beside the table, and empty
    written = io.BytesIO()
    book.save(written)

    assert [row[0] for row in read(written.getvalue()).rows] == [
        *("Équipe", "Les Élans", "Les Élans", "X")
    ]


@pytest.mark.parametrize("content", [locked_xlsx(), locked_ods()])
def test_a_workbook_with_a_password(content):
    with pytest.raises(Unreadable) as refused:
        read(content)

    assert refused.value.refusal.code == ImportRefusal.LOCKED
