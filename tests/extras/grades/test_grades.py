import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib import import_module

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from hackathon.base.accounts.services import close_accounts
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from hackathon.extras.grades.rules import Grade, bounded, evaluation_sheet, filled
from hackathon.extras.grades.selectors import grades_of
from teams.models import Membership, Student
from tests.conftest import make_team, make_user
from tests.imports.files import as_xlsx
from tests.judging.conftest import MORNING, text_of

pytestmark = pytest.mark.time_machine(MORNING, tick=False)


HEAD: list[list[str]] = [
    ["Feuille saisie note (à enregistrer au format excel)"],
    ["BUT INFOCOM semestre 4"],
    [],
    ["!418", "Nom", "Prénom", "Groupe", "Note sur 20", "Remarque"],
]
FOOT: list[list[str]] = [["", "Code notes"], ["", "ABS", "absent (0)"]]


def grade(name: str, mark: str | None = "14.5", **changed: object) -> Grade:
    values = {
        "email": f"{name}@example.org",
        "number": "",
        "department": "INFOCOM",
        "team": "Com’unik",
        "is_absent": False,
        "mark": None if mark is None else Decimal(mark),
    }
    return Grade(name, **{**values, **changed})


def fill(students: Sequence[Sequence[str]], *grades: Grade) -> dict[str, tuple[object, object]]:
    """Mark and remark by code, and those below the sheet by name."""
    sheet = evaluation_sheet([*HEAD, *students, *FOOT])
    assert sheet is not None
    rows = filled(sheet, grades)
    assert rows[: len(HEAD)] == [[*row, *[""] * (6 - len(row))] for row in HEAD]
    below = rows[len(HEAD) + len(students) + len(FOOT) :]
    return {
        **{str(row[0]): (row[4], row[5]) for row in rows[len(HEAD) :] if row[0]},
        **{str(row[1]): (row[4], "below") for row in below if row[4]},
    }


def test_names_in_capitals_with_accents_and_hyphens_are_found():
    found = fill(
        [
            ["!1", "DE LA TOUR", "Anne-Lise", "TD1"],
            ["!2", "LEFÈVRE", "Zoé", "TD1", "", "dispensée"],
        ],
        grade("Anne Lise de la Tour"),
        grade("Zoe Lefevre", "9"),
    )

    assert found == {"!1": (Decimal("14.50"), ""), "!2": (Decimal("9.00"), "dispensée")}


def test_between_people_of_one_name_only_the_number_decides():
    students = [["!7", "MARTIN", "Léa", "A"], ["!8", "MARTIN", "Léa", "B"]]
    one, other = grade("Léa Martin", "12", number="007"), grade("Léa Martin", "8", number="21901")

    found = fill(students, one, other)

    assert found["!7"] == (12, "")
    assert found["!8"][0] == ""
    assert "pas trouvé" in str(found["!8"][1])
    assert found["Léa Martin"] == (8, "below")
    assert fill(students[:1], grade("Paul Durand", "20", number="7"))["!7"][0] == ""


def test_absent_without_a_mark_and_another_scale():
    students = [["!1", "A", "Ada"], ["!2", "B", "Ben"], ["!3", "C", "Cleo"]]
    found = fill(
        students, grade("Ada A", is_absent=True), grade("Ben B", None), grade("Cleo C", "14.5")
    )
    assert found["!1"] == ("ABS", "")
    assert found["!2"] == ("", "équipe sans note")

    rows = [["!418", "Nom", "Prénom", "Groupe", "Note sur 10"], *students]
    sheet = evaluation_sheet(rows)
    assert sheet is not None
    assert filled(sheet, [grade("Cleo C", "14.5")])[3][4] == Decimal("7.25")


def test_another_table_is_no_evaluation():
    assert evaluation_sheet([["nom", "note"], ["Ada", "12"]]) is None
    assert evaluation_sheet([["!418", "Nom", "Moyenne"]]) is None
    assert evaluation_sheet([["!418", "Nom", f"Note sur {'9' * 40}"]]) is None
    assert evaluation_sheet([]) is None


def test_a_corrected_mark_stays_between_0_and_20():
    marks = [grade("A", str(bounded(m))).for_moodle() for m in (-0.2, 20.31, 13.105)]
    assert [str(mark) for mark in marks] == ["0.00", "20.00", "13.11"]


NAMES = st.sampled_from(["Léa Martin", "Martin Léa", "Zoé Petit", "Ada Roy", "Roy Petit"])
NUMBERS = st.sampled_from(["", "1", "02", "3"])


@given(st.lists(NAMES, max_size=5), st.lists(st.tuples(NAMES, NUMBERS), max_size=5))
def test_nobody_is_lost_and_nobody_has_two_grades(listed, people):
    students = [[f"!{n}", *name.split()] for n, name in enumerate(listed)]
    numbers = [number for _, number in people if number]
    if len(set(numbers)) != len(numbers):  # the database refuses it
        return
    grades = [grade(name, str(n), number=no) for n, (name, no) in enumerate(people, 1)]
    sheet = evaluation_sheet([*HEAD, *students])
    assert sheet is not None

    rows = filled(sheet, grades)[len(HEAD) :]

    assert all(row[4] or row[5] for row in rows[: len(students)])
    given_marks = [row[4] for row in rows if row[4]]
    assert len(given_marks) == len(set(given_marks))
    if any(row[4] for row in rows[: len(students)]):
        assert len(given_marks) == len(grades)


def address(edition: Edition) -> str:
    return reverse("grades:grades", args=[edition.slug])


@pytest.fixture
def published(locked, edition, ada) -> Edition:
    Student.objects.create(edition=edition, user=ada, number="21900042")
    Edition.objects.update(deliberated_at=MORNING, results_published_at=MORNING, is_graded=True)
    edition.refresh_from_db()
    return edition


def test_only_organizers_and_only_after_the_publication_of_a_graded_day(
    published, client_of, eve, ada, diane_user
):
    assert client_of(eve).get(address(published)).status_code == 200
    assert client_of(ada).get(address(published)).status_code == 404
    assert client_of(diane_user).get(address(published)).status_code == 404
    Edition.objects.update(is_graded=False)
    assert client_of(eve).get(address(published)).status_code == 404
    Edition.objects.update(is_graded=True, results_published_at=None)
    assert client_of(eve).get(address(published) + "?export=csv").status_code == 404


def test_the_results_of_the_edition_lead_to_them_if_it_is_graded_and_has_this_extra(
    published, client_of, eve
):
    """Also while the site shows another edition, or none."""
    browser, link = client_of(eve), f'href="{address(published)}"'
    page = reverse("judging:publish", args=[published.slug])

    for values, is_there in (
        ({}, True),
        ({"is_current": False}, True),
        ({"is_graded": False}, False),
        ({"is_graded": True, "extras": []}, False),
    ):
        Edition.objects.update(**values)
        assert (link in browser.get(page).content.decode()) == is_there, values
    assert browser.get(address(published)).status_code == 404


@pytest.mark.parametrize(("is_graded", "extras"), [(True, ["grades"]), (False, [])])
def test_a_published_edition_keeps_them_if_it_is_graded(is_graded, extras, published):
    Edition.objects.update(extras=[], is_graded=is_graded)

    import_module("hackathon.extras.grades.migrations.0001_extra").Migration.operations[0].code(
        apps, None
    )

    published.refresh_from_db()
    assert published.extras == extras


def moodle(file: bytes, users: Mapping[str, str]) -> dict[str, str | None]:
    # The marks of users by their key, as Moodle 3 and 4 read the file for a new grade item
    # (`grade/import/csv/classes/load_data.php`): an empty key leaves the user of the line before,
    # an unknown one ends the import, and an empty mark becomes 0 in a numeric column.
    _titles, *lines = csv.reader(io.StringIO(file.decode("utf-8-sig")), delimiter=";")
    marks: dict[str, str | None] = {}
    user = None
    for line in lines:
        if key := line[0].strip():
            user = users[key]
        assert user is not None, "Moodle ends the import"
        mark = line[-1].strip()
        marks[user] = None if mark == "-" else mark or "0"
    return marks


@pytest.fixture
def classes(published, infocom) -> dict[str, str]:
    # Users of Moodle by address and number; Gus and Ivy have no number, and Joy has left.
    gus, hal = make_user("gus@example.org", "Gus"), make_user("hal@example.org", "Hal")
    ivy, joy = make_user("ivy@example.org", "Ivy"), make_user("joy@example.org", "Joy")
    make_team(infocom, "Absents", gus, hal, absent_at=MORNING, absent_by=hal)
    make_team(infocom, "Bocal", ivy, joy)
    Student.objects.create(edition=published, user=hal, number="21900043")
    close_accounts([joy.pk], at=MORNING)
    people = {"21900042": "Ada", "21900043": "Hal"}
    return people | {f"{name.lower()}@example.org": name for name in MARKS}


MARKS = {"Ada": "16.00", "Ben": "16.00", "Fay": "14.00", "Gus": None, "Hal": None, "Ivy": None}


def test_in_moodle_each_student_has_the_own_mark_or_none(published, classes, client_of, eve):
    by_email = client_of(eve).get(address(published) + "?export=csv")
    by_number = client_of(eve).get(address(published) + "?key=number&export=csv")

    assert moodle(by_email.content, classes) == MARKS
    expected = {"Ada": "16.00", "Hal": None}
    assert moodle(by_number.content, classes) == expected
    lines = by_email.content.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Adresse de courriel";"Nom";"Département";"Équipe";"Note sur 20"'
    assert '"ada@example.org";"Ada";"INFOCOM";"Com’unik";"16.00"' in lines
    assert "no-store" in by_email["Cache-Control"]
    assert JournalEntry.objects.filter(act="grades.exported", by=eve).exists()


def test_who_is_noted_absent_has_no_mark_of_the_team(published, classes, client_of, eve):
    Membership.objects.filter(user__name="Ada").update(absent_at=MORNING)

    by_email = client_of(eve).get(address(published) + "?export=csv")

    assert moodle(by_email.content, classes) == {**MARKS, "Ada": None}
    (ada,) = [grade for grade in grades_of(published, at=MORNING) if grade.name == "Ada"]
    assert ada.for_scodoc(Decimal(20)) == "ABS"


def test_a_department_that_is_held_back_has_no_marks(published, classes, client_of, eve):
    Department.objects.filter(edition=published).update(held_back_at=MORNING)

    by_email = client_of(eve).get(address(published) + "?export=csv")

    assert moodle(by_email.content, classes) == dict.fromkeys(MARKS)


def test_the_page_names_who_is_left_out_of_the_file(published, classes, client_of, eve):
    by_email = text_of(client_of(eve).get(address(published)))
    by_number = text_of(client_of(eve).get(address(published) + "?key=number"))

    assert "7 étudiants" in by_email
    assert "Faites correspondre « Adresse de courriel »" in by_email
    assert "1 étudiant n’est pas dans ce fichier" in by_email
    assert "<li>Compte supprimé n°" in by_email
    assert "Faites correspondre « Numéro d’identification »" in by_number
    assert "5 étudiants ne sont pas dans ce fichier" in by_number
    for name, team in (("Ben", "Com’unik"), ("Gus", "Absents"), ("Ivy", "Bocal")):
        assert f"<li>{name}, {team}</li>" in by_number


def test_without_any_number_there_is_no_file_by_number(published, client_of, eve):
    Student.objects.update(number="")

    page = text_of(client_of(eve).get(address(published) + "?key=number"))

    assert "Personne n’a de numéro étudiant" in page
    assert "export=csv" not in page


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_in_a_spreadsheet_the_marks_are_numbers(published, classes, client_of, eve, kind):
    answer = client_of(eve).get(address(published) + f"?export={kind}")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    marks = {row[1]: row[-1] for row in rows[1:]}
    assert marks == {n: "-" if mark is None else float(mark) for n, mark in MARKS.items()}


@pytest.mark.system
def test_the_sheet_of_scodoc_comes_back_filled(published, client_of, eve):
    given_sheet = as_xlsx(
        ("Saisie notes", [*HEAD, ["!1", "", "Ada"], ["!2", "AUTRE", "Zoé"], *FOOT])
    )

    answer = client_of(eve).post(
        address(published), {"file": SimpleUploadedFile("notes.xlsx", given_sheet)}
    )

    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    assert isinstance(rows["!1"][4], int | float)
    assert rows["!1"][4] == 16
    assert rows["!2"][5] == "pas trouvé dans les équipes du jour"
    assert rows["!418"][4] == "Note sur 20"


@pytest.mark.system
@pytest.mark.parametrize("content", [b"nom;note\nAda;12\n", b"\x00\x01", b""])
def test_another_file_is_refused_with_what_to_do(published, client_of, eve, content):
    answer = client_of(eve).post(
        address(published), {"file": SimpleUploadedFile("notes.xlsx", content)}
    )

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
