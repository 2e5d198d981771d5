"""A name that lost letters on its way never replaces a right one."""

import pytest

from hackathon.editions.models import Department
from hackathon.imports import services
from hackathon.imports.enums import ImportKind
from hackathon.imports.reading import Table
from hackathon.imports.selectors import Options
from hackathon.imports.texts import lost_letters
from judging.models import Juror
from tests.conftest import NOON, make_user
from tests.imports.conftest import Run, names
from tests.imports.files import as_csv, table

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]

DAMAGED = ["Nguy?n Anh", "?ukasz Anh", "Nguy\ufffdn Anh", "NguyÃªn Anh"]


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("students", "nom;mail\n{};anh@x.fr\n"),
        ("students", "mail\n{} <anh@x.fr>\n"),
        ("teams", "équipe;dept;nom;mail\nX;INFO;{};anh@x.fr\n"),
        ("teams", "équipe;dept;membres\nX;INFO;{} <anh@x.fr>\n"),
        ("jurors", "nom;mail;jury\n{};anh@x.fr;INFO\n"),
    ],
)
def test_a_damaged_name_does_not_replace_the_stored_one(
    run: Run, kind: str, text: str, name: str
) -> None:
    make_user("anh@x.fr", "Anh Nguyễn")

    code, result = run(kind, text.format(name))

    assert names()["anh@x.fr"] == "Anh Nguyễn"
    assert (code, result["errors"]) == (0, [])


def test_a_note_says_so(info: Department) -> None:
    make_user("anh@x.fr", "Anh Nguyễn")
    rows = [["nom", "mail"], ["Nguy?n Anh", "anh@x.fr"]]

    plan = services.preview(info.edition, ImportKind.STUDENTS, Table(rows), Options(), at=NOON)

    (note,) = plan.results[2].notes
    assert note.replace("\xa0", " ") == (
        "« Nguy?n Anh » a perdu des lettres : le nom reste « Anh Nguyễn »"
    )


def test_a_new_person_has_the_doubtful_name_until_it_is_corrected(run: Run) -> None:
    first, _result = run("students", "nom;mail\nNguy?n Anh;anh@x.fr\n")
    doubtful = names()["anh@x.fr"]

    second, _result = run("students", "nom;mail\nAnh Nguyễn;anh@x.fr\n")

    assert (first, second) == (0, 0)
    assert (doubtful, names()["anh@x.fr"]) == ("Nguy?n Anh", "Anh Nguyễn")


def test_of_two_rows_the_right_name_is_taken(run: Run) -> None:
    code, _result = run("students", "nom;mail\nNguy?n Anh;anh@x.fr\nAnh Nguyễn;anh@x.fr\n")

    assert (code, names()["anh@x.fr"]) == (0, "Anh Nguyễn")


def test_a_juror_whose_name_was_lost_keeps_the_seat(run: Run, info: Department) -> None:
    juror = Juror.objects.create(department=info, user=make_user("anh@x.fr", "Anh Nguyễn"))

    code, result = run("jurors", "nom;mail;jury;rôle\nNguyÃªn;anh@x.fr;INFO;Présidente\n")

    assert (code, result["updated"]) == (0, 1)
    assert Juror.objects.get(pk=juror.pk).is_president
    assert names()["anh@x.fr"] == "Anh Nguyễn"


@pytest.mark.parametrize("name", ["Qui ?", "Anne ? Martin", "O’Connor", "Þór", "Ñandú"])
def test_what_is_no_lost_letter(name: str) -> None:
    assert not lost_letters(name)


def test_of_apogee_the_name_in_use_is_taken(run: Run) -> None:
    rows = table("""
    COD_ETU|LIB_NOM_PAT_IND|LIB_NOM_USU_IND|LIB_PR1_IND|ADR_MAIL
    32100001|DURAND|LE GOFF|ZOE|zoe@x.fr
    32100002|PETIT||ELI|eli@x.fr
    """)

    code, _result = run("students", as_csv(rows, ";", "iso-8859-15"))

    assert code == 0
    assert names() == {"zoe@x.fr": "Zoe Le Goff", "eli@x.fr": "Eli Petit"}
