import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from hackathon.imports.models import Import
from judging.enums import JurorKind
from judging.models import Juror
from teams.models import Membership, Student, Team
from tests.conftest import make_team, make_user
from tests.imports.conftest import state
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
    run_import,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("edition", "info", "infocom")]

ZOE, ANNE, JAN = (
    "zoe.durand@etu.example.org",
    "anne.le-goff@etu.example.org",
    "jan.muller@etu.example.org",
)
NAMES = {ZOE: "Zoé Durand", ANNE: "Anne Le Goff", JAN: "Jan Müller"}
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(kind: str, content: bytes | Rows | str, *options: str) -> tuple[int, dict[str, Any]]:
        if isinstance(content, str):
            content = content.encode()
        content = content if isinstance(content, bytes) else as_csv(content)
        return run_import(kind, content, tmp_path, *options)

    return run


def names() -> dict[str, str]:
    return dict(User.objects.exclude(email="eve@example.org").values_list("email", "name"))


def groups() -> dict[str, str]:
    return dict(Student.objects.values_list("user__email", "group"))


def places() -> dict[str, tuple[str, bool]]:
    found = Membership.objects.values_list("user__email", "team__name", "is_captain")
    return {email: (team, captain) for email, team, captain in found}


def counted(result: dict[str, Any]) -> tuple[int, ...]:
    return tuple(result[key] for key in ("rows", "created", "updated", "unchanged", "skipped"))


FORMS = {
    "plain": (PLAIN, (3, 3, 0, 0, 0), (3, 0, 0, 3, 0)),
    "scodoc": (SCODOC, (4, 3, 0, 0, 1), (4, 0, 0, 3, 1)),
    "moodle": (MOODLE, (3, 3, 0, 0, 0), (3, 0, 0, 3, 0)),
    "scodoc lines": (SCODOC_LINES, (4, 3, 0, 1, 0), (4, 0, 0, 4, 0)),
}


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", FORMS)
def test_students_of_each_form(run: Run, form: str, encoding: str, separator: str) -> None:
    rows, first, second = FORMS[form]
    content = as_csv(rows, separator, encoding)

    code, result = run("students", content)
    before = state()
    again = run("students", content)

    expected = "utf-8" if encoding == "utf-8" or form == "scodoc lines" else encoding
    if form == "scodoc lines" and encoding in ("utf-16", "utf-8-sig"):
        expected = encoding
    assert (code, counted(result), result["errors"]) == (0, first, [])
    assert (result["encoding"], result["separator"]) == (expected, separator)
    assert result["applied"]
    assert set(names()) == {ZOE, ANNE, JAN}
    if form != "scodoc lines":
        assert names() == NAMES
    assert (again[0], counted(again[1])) == (0, second)
    assert state() == before


@pytest.mark.parametrize("write", [as_xlsx, as_ods])
@pytest.mark.parametrize("form", FORMS)
def test_students_of_a_workbook(run: Run, form: str, write: Callable[..., bytes]) -> None:
    rows, first, second = FORMS[form]
    content = write(("Feuille1", rows))

    code, result = run("students", content)
    again = run("students", content)

    assert (code, counted(result)) == (0, first)
    assert (result["encoding"], result["separator"]) == (None, None)
    assert counted(again[1]) == second


def test_what_is_known_of_a_student(run: Run, info: Department) -> None:
    run("students", SCODOC, "--department", "INFO")

    zoe = Student.objects.get(user__email=ZOE)
    assert (zoe.number, zoe.group, zoe.programme) == ("32100001", "TD1 · A2", "V1INF")
    assert zoe.department == info


def test_accounts_can_sign_in_by_code_only_and_nobody_is_mailed(run: Run) -> None:
    run("students", PLAIN)

    zoe = User.objects.get(email=ZOE)
    assert not zoe.has_usable_password()
    assert not zoe.emailaddress_set.exists()  # type: ignore[attr-defined]
    assert zoe.last_login is None
    assert mail.outbox == []


def test_one_line_for_each_group(run: Run) -> None:
    run("students", SCODOC_LINES)

    assert groups() == {ZOE: "INF-S3-TD1 · INF-S3-A2", ANNE: "INF-S3-TD1", JAN: "INF-S3-TD2"}


def test_apogee_is_joined_by_student_number(run: Run) -> None:
    run("students", SCODOC)
    before = state()

    code, result = run("students", as_csv(APOGEE, "\t", "windows-1252"))

    assert (code, counted(result)) == (0, (2, 0, 0, 2, 0))  # « ZOE » is no better than « Zoé »
    assert state() == before


def test_apogee_alone_has_no_addresses(run: Run) -> None:
    code, result = run("students", as_csv(APOGEE, "\t"))

    assert code == 1
    assert [(e["row"], e["column"], e["code"]) for e in result["errors"]] == [
        (19, "apoL_a01_code", "person_unknown"),
        (20, "apoL_a01_code", "person_unknown"),
    ]


def test_a_later_export_updates_by_number_then_by_address(run: Run) -> None:
    run("students", SCODOC)
    zoe, anne = User.objects.get(email=ZOE), User.objects.get(email=ANNE)
    later = (
        "Nom;Prénom;TD;Etat;Mail;code_nip\n"
        "DURAND-ROUX;Zoé;TD3;I;zoe.durand-roux@etu.example.org;32100001\n"
        "LE GOFF;Anne;TD3;I;anne.le-goff@etu.example.org;\n"
    )

    code, result = run("students", later)

    zoe.refresh_from_db()
    anne.refresh_from_db()
    assert (code, counted(result)) == (0, (2, 0, 2, 0, 0))
    assert (zoe.email, zoe.name) == ("zoe.durand-roux@etu.example.org", "Zoé Durand-Roux")
    assert groups() == {zoe.email: "TD3", ANNE: "TD3", JAN: "TD2 · A1"}
    assert Student.objects.get(user=anne).number == "32100002"


def test_an_account_in_use_keeps_its_address_and_name(run: Run, client: Any) -> None:
    run("students", SCODOC)
    zoe = User.objects.get(email=ZOE)
    client.force_login(zoe)

    run("students", "nom;mail;code_nip;groupe\nZoé Autre;other@x.fr;32100001;TD9\n")

    zoe.refresh_from_db()
    assert (zoe.email, zoe.name) == (ZOE, "Zoé Durand")
    assert groups()[ZOE] == "TD9"


def test_an_account_with_a_role_elsewhere_keeps_its_address(run: Run, info: Department) -> None:
    """Otherwise a list could give the seat of a juror to another address."""
    make_user(ZOE, "Zoé Durand")
    run("jurors", f"mail;jury\n{ZOE};INFO\n")
    run("students", f"mail;code_nip\n{ZOE};1\n")

    run("students", "mail;code_nip\nother@x.fr;1\n")

    assert User.objects.filter(email=ZOE).exists()
    assert not User.objects.filter(email="other@x.fr").exists()


def test_zeros_that_a_spreadsheet_dropped_do_not_matter(run: Run) -> None:
    run("students", "mail;code_nip\na@x.fr;00123\n")

    code, result = run("students", "nom;code_nip\nZoé;123.0\n")

    assert (code, counted(result)) == (0, (1, 0, 1, 0, 0))
    assert Student.objects.get().number == "00123"


def test_cells_as_people_type_them(run: Run) -> None:
    text = (
        "N°;NOM Prénom;Adresse électronique;TD;;\n"
        '1;"DURAND\nZoé"; Zoe.DURAND@Etu.example.org ;1.0;;\n'
        ";;;;;\n"
        "2;Jan MÜLLER;jan.muller @etu.example.org;2.0;;\n"
        ";;;;;\n;;;;;\n"
    )

    code, result = run("students", text)

    assert (code, counted(result)) == (0, (2, 2, 0, 0, 0))
    assert names() == {ZOE: "Zoé Durand", JAN: "Jan Müller"}
    assert groups() == {ZOE: "1", JAN: "2"}


def test_an_error_has_the_row_of_the_spreadsheet(run: Run) -> None:
    before = state()
    text = "nom;mail\nA;a@x.fr\n\nB;not-an-address\nC;\nD;a@x.fr\n"

    code, result = run("students", text)

    assert code == 1
    assert [(e["row"], e["column"], e["code"]) for e in result["errors"]] == [
        (4, "mail", "email_invalid"),
        (5, "mail", "person_unknown"),
        (6, "mail", "email_twice"),
    ]
    assert all(e["message"] for e in result["errors"])
    assert not result["applied"]
    assert (result["created"], result["rows"]) == (0, 4)
    assert state() == before


def test_check_writes_nothing(run: Run) -> None:
    before = state()

    code, result = run("students", PLAIN, "--check")

    assert (code, counted(result), result["applied"]) == (0, (3, 3, 0, 0, 0), False)
    assert state() == before
    assert not Import.objects.exists()


def test_a_column_is_mapped_and_the_mapping_is_remembered(run: Run) -> None:
    text = "Fétiche;Qui\nTD7;a@x.fr\n"
    unmapped = "Fétiche;mail\nTD8;a@x.fr\n"

    assert run("students", text, "--map", "Fétiche=group", "--map", "Qui=mail")[0] == 0
    assert groups() == {"a@x.fr": "TD7"}
    assert run("students", unmapped)[0] == 0
    assert groups() == {"a@x.fr": "TD8"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--map", "Autre=email"), "column_unknown"),
        (("--map", "mail=fétiche"), "field_unknown"),
        (("--map", "mail"), "field_unknown"),
        (("--edition", "1999"), "edition_unknown"),
        (("--department", "X"), "department_unknown"),
        (("--sheet", "Feuille9"), "sheet_unknown"),
    ],
)
def test_wrong_options_are_errors_of_the_result(
    run: Run, options: tuple[str, ...], code: str
) -> None:
    exit_code, result = run("students", as_xlsx(("A", PLAIN)), *options)

    assert (exit_code, [e["code"] for e in result["errors"]]) == (1, [code])
    assert not result["applied"]


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    out = io.StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("import", "students", str(tmp_path / "none.csv"), "--json", stdout=out)

    assert stopped.value.code == 1
    assert json.loads(out.getvalue())["errors"][0]["code"] == "file_missing"


def test_without_json_the_result_is_in_words(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("nom;mail;né le\nZoé A;a@x.fr;2005\nZoé A;b@x.fr;2005\nLuc;zoe@;\n")
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit):
        call_command("import", "students", str(path), stdout=out, stderr=err)

    errors = err.getvalue().replace("\u00a0", " ")
    assert "✗ ligne 4, mail : « zoe@ » n’est pas une adresse e-mail" in errors
    assert "Colonnes laissées de côté : né le" in errors
    assert "? ligne 3 : Zoé A est peut-être la même personne que a@x.fr." in errors
    assert "3 lignes" in out.getvalue()
    assert "Rien n’a été écrit." in out.getvalue()


@pytest.mark.parametrize("content", [b"", b"nom;mail\n", b"\n\n"])
def test_a_file_without_rows_is_an_error(run: Run, content: bytes) -> None:
    code, result = run("students", content)

    assert (code, result["rows"], result["errors"][0]["code"]) == (1, 0, "no_rows")


def test_the_edition_is_chosen(run: Run, edition: Edition) -> None:
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2021", False
    other.save()

    code, result = run("students", "mail\na@x.fr\n", "--edition", "ccd-2021")

    assert (code, result["created"]) == (0, 1)
    assert Student.objects.get().edition == other


def test_teams_with_a_row_for_each_member(run: Run) -> None:
    code, result = run("teams", TEAMS)
    before = state()
    again = run("teams", TEAMS)

    elans = Team.objects.get(name="Les Élans")
    assert (code, counted(result), result["errors"]) == (0, (3, 3, 0, 0, 0), [])
    assert (elans.department.code, elans.room, elans.floor) == ("INFO", "208", 2)
    assert places() == {
        ZOE: ("Les Élans", False),
        ANNE: ("Les Élans", True),
        JAN: ("Bocal à idées", True),
    }
    assert counted(again[1]) == (3, 0, 0, 3, 0)
    assert state() == before


def test_teams_with_their_members_in_one_row(run: Run) -> None:
    text = (
        "Nom;Département;Salle;Capitaine;Membres\n"
        f'Les Élans;INFO;208;{ANNE};"Zoé DURAND <{ZOE}>\n{ANNE}"\n'
    )
    columns = f"Équipe;Dept;Membre 1;Membre 2\nBocal;INFOCOM;{JAN};\n"

    assert run("teams", text)[0] == run("teams", columns)[0] == 0
    assert run("teams", text)[1]["unchanged"] == run("teams", columns)[1]["unchanged"] == 1
    assert places() == {
        ZOE: ("Les Élans", False),
        ANNE: ("Les Élans", True),
        JAN: ("Bocal", True),
    }


def test_members_are_found_by_name_after_the_students(run: Run) -> None:
    run("students", SCODOC)

    code, _result = run(
        "teams",
        "Équipe;Département;Nom;Prénom;Capitaine\nX;INFO;DURAND;Zoe;\nX;INFO;Le Goff;Anne;x\n",
    )

    assert code == 0
    assert places() == {ZOE: ("X", False), ANNE: ("X", True)}


def test_a_captain_by_name(run: Run) -> None:
    run("students", SCODOC)

    code, _result = run(
        "teams", f"Équipe;Département;Mail;Capitaine\nX;INFO;{ZOE};Anne LE GOFF\nX;INFO;{ANNE};\n"
    )

    assert code == 0
    assert places() == {ZOE: ("X", False), ANNE: ("X", True)}


def test_a_captain_in_several_columns(run: Run) -> None:
    titles = "equipe;departement;nom capitaine;prénom capitaine;mail capitaine"

    assert run("teams", f"{titles}\nX;INFO;DURAND;Zoé;{ZOE}\n")[0] == 0
    assert places() == {ZOE: ("X", True)}
    assert names() == {ZOE: "Zoé Durand"}


def test_a_member_moves_and_the_team_gets_another_captain(run: Run) -> None:
    run("teams", TEAMS)

    code, result = run("students", f"mail;equipe\n{ANNE};Bocal à idées\n")

    assert (code, counted(result)) == (0, (1, 0, 1, 0, 0))
    assert places() == {
        ZOE: ("Les Élans", True),
        ANNE: ("Bocal à idées", False),
        JAN: ("Bocal à idées", True),
    }


def test_two_captains_change_places(run: Run) -> None:
    run("teams", TEAMS)

    code, _result = run(
        "teams", f"equipe;mail;capitaine\nLes Élans;{JAN};oui\nBocal à idées;{ANNE};oui\n"
    )

    assert code == 0
    assert places() == {
        ZOE: ("Les Élans", False),
        ANNE: ("Bocal à idées", True),
        JAN: ("Les Élans", True),
    }


def test_a_team_keeps_its_department_and_its_size(run: Run) -> None:
    members = "".join(f"X;INFO;m{n}@x.fr\n" for n in range(4))
    full = run("teams", "equipe;departement;mail\n" + members)
    run("teams", "equipe;departement;mail\nX;INFO;a@x.fr\n")
    elsewhere = run("teams", "equipe;departement;mail\nX;INFOCOM;a@x.fr\n")

    assert [(e["row"], e["code"]) for e in full[1]["errors"]] == [(5, "team_full")]
    assert [(e["row"], e["code"]) for e in elsewhere[1]["errors"]] == [(2, "team_elsewhere")]


def test_a_team_without_department_does_not_stop_the_students(run: Run) -> None:
    text = f"nom;mail;groupe;equipe\nZoé Durand;{ZOE};TD1;Élans\nAnne;{ANNE};INFO 2;Bocal\n"

    code, result = run("students", text)
    again = run("students", text)

    assert (code, counted(result)) == (0, (2, 2, 0, 0, 0))
    assert places() == {ANNE: ("Bocal", True)}  # her group tells the department
    assert counted(again[1]) == (2, 0, 0, 2, 0)


def test_rooms_of_teams_and_floors_of_rooms(run: Run) -> None:
    run("teams", TEAMS)

    code, result = run("rooms", ROOMS)
    again = run("rooms", ROOMS)
    floors = run("rooms", "salle;étage\nAMPHI 1;3\n999;1\n")

    assert (code, counted(result)) == (0, (2, 0, 2, 0, 0))
    assert counted(again[1]) == (2, 0, 0, 2, 0)
    assert counted(floors[1]) == (2, 0, 1, 0, 1)
    assert set(Team.objects.values_list("name", "room", "floor")) == {
        ("Les Élans", "210", 2),
        ("Bocal à idées", "Amphi 1", 3),
    }


def test_a_room_of_several_teams(run: Run) -> None:
    run("teams", TEAMS)

    assert run("rooms", "salle;équipes\n300;les élans / bocal à idées\n")[0] == 0
    assert set(Team.objects.values_list("room", flat=True)) == {"300"}


def test_jurors_of_departments(run: Run) -> None:
    code, result = run("jurors", JURORS)
    before = state()
    again = run("jurors", JURORS)

    seats = Juror.objects.values_list(
        "user__email", "user__name", "department__code", "kind", "is_president"
    )
    assert (code, counted(result), result["errors"]) == (0, (2, 2, 0, 0, 0), [])
    assert set(seats) == {
        ("marie.curie@example.org", "Marie Curie", "INFO", JurorKind.TEACHER, True),
        ("jo@epicerie.example", "Jo Épicier", "INFO", JurorKind.CLIENT, False),
        ("jo@epicerie.example", "Jo Épicier", "INFOCOM", JurorKind.CLIENT, False),
    }
    assert counted(again[1]) == (2, 0, 0, 2, 0)
    assert state() == before
    assert mail.outbox == []


def test_a_juror_changes(run: Run) -> None:
    run("jurors", JURORS)

    code, result = run("jurors", "mail;jury;rôle\nmarie.curie@example.org;INFO;client\n")

    assert (code, counted(result)) == (0, (1, 0, 1, 0, 0))
    assert Juror.objects.get(user__email="marie.curie@example.org").kind == JurorKind.CLIENT


def test_a_member_of_a_team_is_no_juror_of_its_department(run: Run, info: Department) -> None:
    make_team(info, "Élans", make_user(ZOE, "Zoé"))

    code, result = run("jurors", f"mail;jury\n{ZOE};INFO\n")

    assert (code, result["errors"][0]["code"]) == (1, "juror_in_team")


def test_an_import_is_one_act_of_the_journal(run: Run) -> None:
    run("students", PLAIN)
    run("students", PLAIN)

    (entry,) = JournalEntry.objects.all()
    assert (entry.act, entry.by) == ("import.applied", None)
    assert entry.detail["created"] == 3
    assert ZOE not in str(entry.detail)


def test_namesakes_with_two_addresses_are_two_people(run: Run) -> None:
    code, result = run("students", "nom;mail\nZoé Durand;a@x.fr\nZoé Durand;b@x.fr\n")

    assert (code, result["created"]) == (0, 2)


@pytest.mark.parametrize(
    ("rows", "column", "code"),
    [
        ("a@x.fr;1;A\nb@x.fr;1;A", "code_nip", "number_twice"),
        ("a@x.fr;1;A\na@x.fr;2;A", "mail", "email_twice"),
        ("a@x.fr;1;Zoé Durand\na@x.fr;1;Anne Le Goff", "mail", "email_twice"),
    ],
)
def test_one_file_contradicts_itself(run: Run, rows: str, column: str, code: str) -> None:
    exit_code, result = run("students", f"mail;code_nip;nom\n{rows}\n")

    assert exit_code == 1
    assert [(e["row"], e["column"], e["code"]) for e in result["errors"]] == [(3, column, code)]


def test_2000_rows_take_less_than_ten_seconds(run: Run, edition: Edition) -> None:
    edition.team_size_max = 10
    edition.save()
    rows = [("nom", "prenom", "mail", "code_nip", "equipe", "departement", "salle", "groupe")]
    rows += [
        (f"NOM{n}", f"Zoé{n}", f"z{n}@x.fr", str(n + 1000), f"Équipe {n // 8}", "INFO", "1", "TD")
        for n in range(2000)
    ]
    content = as_csv(rows)

    began = time.process_time()  # other processes do not matter
    code, result = run("students", content)
    seconds = time.process_time() - began

    assert (code, result["created"]) == (0, 2000)
    assert seconds < 10
