"""Every form of file × encodings × separators, as the reader understands it.

What the database makes of the rows does not depend on how they were written: the modules of
students, teams and jurors have one file of each form for that.
"""

from collections.abc import Callable

import pytest

from hackathon.imports.enums import Field, ImportKind
from hackathon.imports.reading import Table, read
from hackathon.imports.rows import Line
from hackathon.imports.rows import read as read_rows
from judging.enums import JurorKind
from tests.imports.conftest import ANNE, JAN, ZOE
from tests.imports.files import (
    APOGEE,
    ENCODINGS,
    JURORS,
    MOODLE,
    PLAIN,
    ROOMS,
    SCODOC,
    SCODOC_LINES,
    SEPARATORS,
    TEAMS,
    Rows,
    as_csv,
    as_ods,
    as_xlsx,
)

STUDENTS = ImportKind.STUDENTS
FORMS: dict[str, tuple[ImportKind, Rows, list[Line]]] = {
    "plain": (
        STUDENTS,
        PLAIN,
        [
            Line(
                row,
                {
                    Field.EMAIL: email,
                    Field.FULL_NAME: name,
                    Field.DEPARTMENT: department,
                    Field.GROUP: group,
                    Field.TEAM: team,
                    Field.ROOM: room,
                },
            )
            for row, email, name, department, group, team, room in (
                (2, ZOE, "Zoé Durand", "INFO", "TD1", "Les Élans", "208"),
                (3, ANNE, "Anne Le Goff", "INFO", "TD1", "Les Élans", "208"),
                (4, JAN, "Jan Müller", "INFOCOM", "TD2", "Bocal à idées", "502"),
            )
        ],
    ),
    "scodoc": (
        STUDENTS,
        SCODOC,
        [
            Line(
                row,
                {
                    Field.EMAIL: email,
                    Field.NUMBER: number,
                    Field.FULL_NAME: name,
                    Field.STATE: "I",
                    Field.PROGRAMME: "V1INF",
                    Field.GROUP: group,
                },
            )
            for row, email, number, name, group in (
                (2, ZOE, "32100001", "Zoé Durand", "TD1 · A2"),
                (3, ANNE, "32100002", "Anne Le Goff", "TD1 · A1"),
                (4, JAN, "32100003", "Jan Müller", "TD2 · A1"),
            )
        ],
    ),
    "scodoc lines": (
        STUDENTS,
        SCODOC_LINES,
        [
            Line(row, {Field.EMAIL: email, Field.FULL_NAME: "", Field.GROUP: group})
            for row, email, group in (
                (2, ZOE, "INF-S3-TD1"),
                (3, ZOE, "INF-S3-A2"),
                (4, ANNE, "INF-S3-TD1"),
                (5, JAN, "INF-S3-TD2"),
            )
        ],
    ),
    "moodle": (
        STUDENTS,
        MOODLE,
        [
            Line(
                row,
                {
                    Field.EMAIL: email,
                    Field.NUMBER: number,
                    Field.FULL_NAME: name,
                    Field.DEPARTMENT: department,
                    Field.GROUP: group,
                },
            )
            for row, email, number, name, department, group in (
                (2, ZOE, "32100001", "Zoé Durand", "INFO", "TD1"),
                (3, ANNE, "32100002", "Anne Le Goff", "INFO", "TD1"),
                (4, JAN, "32100003", "Jan Müller", "INFOCOM", "TD2"),
            )
        ],
    ),
    "apogee": (
        STUDENTS,
        APOGEE,
        [
            Line(19, {Field.NUMBER: "32100001", Field.FULL_NAME: "Zoe Durand"}),
            Line(20, {Field.NUMBER: "32100002", Field.FULL_NAME: "Anne Le Goff"}),
        ],
    ),
    "teams": (
        ImportKind.TEAMS,
        TEAMS,
        [
            Line(
                row,
                {
                    Field.EMAIL: email,
                    Field.FULL_NAME: name,
                    Field.DEPARTMENT: department,
                    Field.TEAM: team,
                    Field.ROOM: room,
                },
                floor=floor,
                captain=captain,
            )
            for row, email, name, department, team, room, floor, captain in (
                (2, ZOE, "Zoé Durand", "INFO", "Les Élans", "208", 2, False),
                (3, ANNE, "Anne Le Goff", "INFO", "Les Élans", "208", 2, True),
                (4, JAN, "Jan Müller", "INFOCOM", "Bocal à idées", "502", 5, None),
            )
        ],
    ),
    "jurors": (
        ImportKind.JURORS,
        JURORS,
        [
            Line(
                row,
                {Field.EMAIL: email, Field.FULL_NAME: name, Field.DEPARTMENT: jury},
                kind=kind,
                president=president,
            )
            for row, email, name, jury, kind, president in (
                (
                    2,
                    "marie.curie@example.org",
                    "Marie Curie",
                    "Informatique",
                    JurorKind.TEACHER,
                    True,
                ),
                (3, "jo@epicerie.example", "Jo Épicier", "INFO, INFOCOM", JurorKind.CLIENT, None),
            )
        ],
    ),
    "rooms": (
        ImportKind.ROOMS,
        ROOMS,
        [
            Line(row, {Field.TEAM: team, Field.FULL_NAME: "", Field.ROOM: room}, floor=floor)
            for row, team, room, floor in (
                (2, "Les Élans", "210", 2),
                (3, "Bocal à idées", "Amphi 1", 0),
            )
        ],
    ),
}


PARTS = (Field.LAST_NAME, Field.FIRST_NAME, Field.IGNORED)  # of the full name, or of nothing


def understood(content: bytes, kind: ImportKind) -> tuple[Table, list[Line]]:
    found = read(content, kind)
    reading = read_rows(found, kind)
    assert reading.problems == []
    for line in reading.lines:
        line.texts = {field: text for field, text in line.texts.items() if field not in PARTS}
    return found, reading.lines


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_read_in_each_encoding_with_each_separator(
    form: str, encoding: str, separator: str
) -> None:
    kind, rows, lines = FORMS[form]

    found, read_lines = understood(as_csv(rows, separator, encoding), kind)

    # Without accents Windows-1252 is UTF-8 as well.
    same = form == "scodoc lines" and encoding == "windows-1252"
    assert (found.encoding, found.separator) == ("utf-8" if same else encoding, separator)
    assert read_lines == lines


@pytest.mark.parametrize("write", [as_xlsx, as_ods])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_read_in_a_workbook(form: str, write: Callable[..., bytes]) -> None:
    kind, rows, lines = FORMS[form]

    found, read_lines = understood(write(("Feuille1", rows)), kind)

    assert (found.encoding, found.separator, found.sheet) == (None, None, "Feuille1")
    assert read_lines == lines


def test_every_kind_of_import_has_a_form() -> None:
    kinds = {kind for kind, _rows, _lines in FORMS.values()}

    assert kinds == set(ImportKind) - {ImportKind.COMPLETION}
