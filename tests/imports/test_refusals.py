"""Each code has a case; those of the undo and of a changed plan have theirs in other modules."""

from pathlib import Path

import pytest

from hackathon.base.accounts.models import User
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Department
from hackathon.event.imports.errors import ImportRefusal as Code
from teams.errors import TeamRefusal
from tests.conftest import make_team, make_user
from tests.imports.conftest import state
from tests.imports.files import as_csv, as_xlsx, run_import

pytestmark = [pytest.mark.usefixtures("edition", "infocom")]

ELSEWHERE = {
    Code.FILE_MISSING,  # test_command.py
    Code.LOCKED,  # test_reading.py
    Code.TOO_HEAVY,  # test_extraction.py
    Code.BUSY,
    Code.CHANGED_MEANWHILE,  # test_pages.py
    Code.ACTED_ON,  # test_undo.py
    Code.ALREADY_UNDONE,
}
STUDENT, TEAM, JUROR, ROOM = "students", "teams", "jurors", "rooms"
MANY = "X;INFO;" + ",".join(f"{n}@x.fr" for n in range(350)) + "\n"
MEMBERS = [f"Comunik;{n}@x.fr\n" for n in range(9)]
CAPTAINS = "equipe;mail;capitaine\nComunik;a@x.fr;x\nComunik;b@x.fr;x\n"
# Kind, content, row and column of the error, options.
CASES: dict[Code, tuple[str, str | bytes, int, str, tuple[str, ...]]] = {
    Code.UNREADABLE: (STUDENT, b"%PDF-\x00\x01", 1, "", ()),
    Code.TOO_LARGE: (STUDENT, b"a" * 5_000_001, 1, "", ()),
    Code.TOO_MANY_ROWS: (STUDENT, "mail\n" + "a@x.fr\n" * 10_000, 1, "", ()),
    Code.TOO_MANY_PEOPLE: (TEAM, "equipe;dept;membres\n" + MANY * 30, 30, "membres", ()),
    Code.ROWS_OF_ONE: (STUDENT, "mail\n" + "a@x.fr\n" * 101, 102, "mail", ()),
    Code.QUOTE_OPEN: (STUDENT, 'mail;nom\na@x.fr;A\n"b@x.fr;B\n', 3, "", ()),
    Code.SHEET_UNKNOWN: (STUDENT, as_xlsx(("A", [["mail"]])), 1, "", ("--sheet", "B")),
    Code.EDITION_UNKNOWN: (STUDENT, "mail\na@x.fr\n", 1, "", ("--edition", "1999")),
    Code.NO_ROWS: (STUDENT, "mail;nom\n", 1, "", ()),
    Code.COLUMN_MISSING: (STUDENT, "nom;prenom\nA;B\n", 1, "", ()),
    Code.COLUMN_UNKNOWN: (STUDENT, "mail\na@x.fr\n", 1, "Qui", ("--map", "Qui=name")),
    Code.FIELD_UNKNOWN: (STUDENT, "mail\na@x.fr\n", 1, "mail", ("--map", "mail=?")),
    Code.VALUE_MISSING: (TEAM, "equipe;mail\n;a@x.fr\n", 2, "equipe", ()),
    Code.EMAIL_INVALID: (STUDENT, "mail\nzoe@\n", 2, "mail", ()),
    Code.EMAIL_SEVERAL: (STUDENT, "mail\na@x.fr b@x.fr\n", 2, "mail", ()),
    Code.DAMAGED: (STUDENT, "mail;nom\na@x.fr;ZoÃ©\n", 2, "nom", ()),
    Code.NUMBER_ROUNDED: (STUDENT, "mail;code_nip\na@x.fr;3,21E+07\n", 2, "code_nip", ()),
    Code.FLOOR_INVALID: (ROOM, "equipe;salle;étage\nComunik;1;haut\n", 2, "étage", ()),
    Code.YES_NO_INVALID: (JUROR, "mail;jury;président\na@x.fr;INFO;bof\n", 2, "président", ()),
    Code.KIND_INVALID: (JUROR, "mail;jury;type\na@x.fr;INFO;dentiste\n", 2, "type", ()),
    Code.TOO_LONG: (ROOM, f"equipe;salle\nComunik;{'x' * 41}\n", 2, "salle", ()),
    Code.DEPARTMENT_UNKNOWN: (STUDENT, "mail;département\na@x.fr;MMI\n", 2, "département", ()),
    Code.DEPARTMENT_MISSING: (TEAM, "equipe\nX\n", 2, "equipe", ()),
    Code.CONFLICT: (TEAM, "equipe;dept;salle\nX;INFO;1\nX;INFO;2\n", 3, "salle", ()),
    Code.EMAIL_TWICE: (STUDENT, "mail;nom\na@x.fr;Zoé A\na@x.fr;Luc B\n", 3, "mail", ()),
    Code.EMAIL_TAKEN: (STUDENT, "mail;code_nip\nada@example.org;7\n", 2, "mail", ()),
    Code.ACCOUNT_INACTIVE: (STUDENT, "mail\ngone@example.org\n", 2, "mail", ()),
    Code.PERSON_UNKNOWN: (TEAM, "equipe;dept;nom\nX;INFO;Qui\n", 2, "nom", ()),
    Code.NAME_AMBIGUOUS: (TEAM, "equipe;dept;nom\nX;INFO;Twin Twin\n", 2, "nom", ()),
    Code.DEPARTMENT_CHANGES: (STUDENT, "mail;dept\nada@example.org;INFO\n", 2, "dept", ()),
    Code.TEAM_UNKNOWN: (ROOM, "equipe;salle\nY;1\n", 2, "equipe", ()),
    Code.TEAM_ELSEWHERE: (TEAM, "equipe;dept\nComunik;INFO\n", 2, "dept", ()),
    Code.TEAM_FULL: (TEAM, f"equipe;mail\n{''.join(MEMBERS)}", 4, "equipe", ()),
    Code.TWO_CAPTAINS: (TEAM, CAPTAINS, 3, "capitaine", ()),
}  # fmt: skip


SEVERAL = {Code.TEAM_FULL}  # of one mistake: a row for each who is too many


@pytest.fixture(autouse=True)
def _people(infocom: Department, info: Department, tmp_path: Path) -> None:
    make_team(infocom, "Comunik", make_user("ada@example.org", "Ada"))
    make_user("gone@example.org", "Gone", is_active=False)
    rows = [
        ("mail", "nom", "code_nip"),
        ("t1@x.fr", "Twin Twin", "7"),
        ("t2@x.fr", "Twin Twin", "8"),
    ]
    assert run_import("students", as_csv(rows), tmp_path)[0] == 0


@pytest.mark.parametrize("code", CASES)
def test_each_code_has_its_row_and_column(code, tmp_path):
    kind, content, row, column, options = CASES[code]
    before = state()

    exit_code, result = run_import(
        kind, content if isinstance(content, bytes) else content.encode(), tmp_path, *options
    )

    first, *others = result["errors"]
    assert not others or code in SEVERAL
    assert (exit_code, first["code"], first["row"], first["column"]) == (1, code, row, column)
    assert "{" not in first["message"]
    assert state() == before
    assert not User.objects.filter(email="a@x.fr").exists()


def test_who_keeps_the_desk_joins_no_team_by_a_file(edition, tmp_path):
    twin = User.objects.get(email="t1@x.fr")
    edition.colleagues.create(user=twin, role=ColleagueRole.DESK)
    before = state()

    code, result = run_import("teams", b"equipe;mail;dept\nNouvelle;t1@x.fr;INFO\n", tmp_path)

    (error,) = result["errors"]
    assert (code, error["code"], error["row"]) == (1, TeamRefusal.COLLEAGUE, 2)
    assert state() == before


def test_every_code_has_a_case():
    assert CASES.keys() | ELSEWHERE == set(Code)
