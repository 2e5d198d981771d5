"""A name that lost letters on its way is an error: it never replaces a right one."""

import pytest

from hackathon.event.imports.texts import is_damaged, lost_letters
from tests.conftest import make_user
from tests.imports.conftest import names, state
from tests.imports.files import as_csv, table

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]


@pytest.mark.parametrize("name", ["Nguy?n Anh", "?ukasz Anh", "Nguy\ufffdn Anh", "NguyÃªn Anh"])
@pytest.mark.parametrize(
    ("kind", "text", "column"),
    [
        ("students", "nom;mail\n{};anh@x.fr\n", "nom"),
        ("students", "mail\n{} <anh@x.fr>\n", "mail"),
        ("teams", "équipe;dept;membres\nX;INFO;{} <anh@x.fr>\n", "membres"),
        ("teams", "équipe;dept;capitaine\nX;INFO;{} <anh@x.fr>\n", "capitaine"),
        ("jurors", "nom;mail;jury\n{};anh@x.fr;INFO\n", "nom"),
    ],
)
def test_a_damaged_name_is_an_error_of_its_cell(run, kind, text, column, name):
    make_user("anh@x.fr", "Anh Nguyễn")
    before = state()

    code, result = run(kind, text.format(name))

    assert code == 1
    assert [(e["row"], e["column"], e["code"]) for e in result["errors"]] == [
        (2, column, "damaged")
    ]
    assert state() == before


@pytest.mark.parametrize(
    "name",
    [
        *("Qui ?", "Anne ? Martin", "O’Connor", "O’CONNOR", "D'ALMEIDA", "João", "SIMÃO", "Œdipe"),
        *("LE CŒUR", "Šárka", "Ångström", "Þór", "Ñandú"),
    ],
)
def test_what_is_no_lost_letter(name):
    assert not lost_letters(name)
    assert not is_damaged(name)


def test_of_apogee_the_name_in_use_is_taken(run):
    rows = table("""
    COD_ETU|LIB_NOM_PAT_IND|LIB_NOM_USU_IND|LIB_PR1_IND|ADR_MAIL
    32100001|DURAND|LE GOFF|ZOE|zoe@x.fr
    32100002|PETIT||ELI|eli@x.fr
    """)

    code, _result = run("students", as_csv(rows, ";", "iso-8859-15"))

    assert code == 0
    assert names() == {"zoe@x.fr": "Zoe Le Goff", "eli@x.fr": "Eli Petit"}
