from cProfile import Profile

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.accounts.models import User
from teams.models import Student
from tests.conftest import make_user
from tests.imports.conftest import ANNE, JAN, NAMES, ZOE, Run, counted, groups, names, state
from tests.imports.files import (
    APOGEE,
    MOODLE,
    PLAIN,
    SCODOC,
    SCODOC_LINES,
    as_csv,
)

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]


FORMS = {
    "plain": (PLAIN, (3, 3, 0, 0, 0), (3, 0, 0, 3, 0)),
    "scodoc": (SCODOC, (4, 3, 0, 0, 1), (4, 0, 0, 3, 1)),
    "moodle": (MOODLE, (3, 3, 0, 0, 0), (3, 0, 0, 3, 0)),
    "scodoc lines": (SCODOC_LINES, (4, 3, 0, 1, 0), (4, 0, 0, 4, 0)),
}


@pytest.mark.parametrize("form", FORMS)
def test_students_of_each_form(run, form):
    rows, first, second = FORMS[form]

    code, result = run("students", rows)
    before = state()
    again = run("students", rows)

    assert (code, counted(result), result["errors"]) == (0, first, [])
    assert result["applied"]
    assert set(names()) == {ZOE, ANNE, JAN}
    if form != "scodoc lines":
        assert names() == NAMES
    assert (again[0], counted(again[1])) == (0, second)
    assert state() == before


def test_what_is_known_of_a_student(run, info):
    run("students", SCODOC, "--department", "INFO")

    zoe = Student.objects.get(user__email=ZOE)
    assert (zoe.number, zoe.group, zoe.programme) == ("32100001", "TD1 · A2", "V1INF")
    assert zoe.department == info


def test_accounts_can_sign_in_by_code_only_and_no_mail_is_sent(run):
    run("students", PLAIN)

    zoe = User.objects.get(email=ZOE)
    assert not zoe.has_usable_password()
    assert not zoe.emailaddress_set.exists()  # type: ignore[attr-defined]
    assert zoe.last_login is None
    assert mail.outbox == []


def test_of_many_groups_as_many_are_kept_as_fit(run):
    lines = "".join(f"a@x.fr;INF-S3-GROUPE-{n}\n" for n in range(10, 30))

    code, _result = run("students", f"email;semestre_groupe\n{lines}")

    assert code == 0
    assert groups()["a@x.fr"].startswith("INF-S3-GROUPE-10 · INF-S3-GROUPE-11")
    assert groups()["a@x.fr"].endswith("INF-S3-GROUPE-15")


def test_apogee_is_joined_by_student_number(run):
    run("students", SCODOC)
    before = state()

    code, result = run("students", as_csv(APOGEE, "\t", "windows-1252"))

    assert (code, counted(result)) == (0, (2, 0, 0, 2, 0))  # « ZOE » is no better than « Zoé »
    assert state() == before


def test_who_has_left_is_in_a_file_without_addresses(run):
    run("students", SCODOC)
    apogee = [
        [*row, "Etat" if row[0] == "apoL_a01_code" else "I"] if len(row) == 5 else row
        for row in APOGEE
    ]
    apogee.append(["32100004", "PARTI", "LUC", "", "", "D"])
    groups = "code_nip;groupe;etat\n32100001;TD1;I\n32100001;A2;I\n9;TD2;DEM\n9;A1;DEM\n"

    for text, rows in ((as_csv(apogee, "\t"), (3, 0, 0, 2, 1)), (groups, (4, 0, 0, 2, 2))):
        code, result = run("students", text)
        assert (code, counted(result)) == (0, rows)


def test_a_later_export_updates_by_number_then_by_address(run):
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


def test_an_account_in_use_keeps_its_address(run, client):
    run("students", SCODOC)
    zoe = User.objects.get(email=ZOE)
    client.force_login(zoe)

    run("students", "nom;mail;code_nip;groupe\nZoé Durand;other@x.fr;32100001;TD9\n")

    zoe.refresh_from_db()
    assert zoe.email == ZOE
    assert groups()[ZOE] == "TD9"


def test_an_account_with_a_role_elsewhere_keeps_its_address(run, info):
    """Otherwise a list could give the seat of a juror to another address."""
    make_user(ZOE, "Zoé Durand")
    run("jurors", f"mail;jury\n{ZOE};INFO\n")
    run("students", f"mail;code_nip\n{ZOE};1\n")

    run("students", "mail;code_nip\nother@x.fr;1\n")

    assert User.objects.filter(email=ZOE).exists()
    assert not User.objects.filter(email="other@x.fr").exists()


def test_zeros_that_a_spreadsheet_dropped_do_not_matter(run):
    run("students", "mail;code_nip\na@x.fr;00123\n")

    code, result = run("students", "nom;code_nip\nZoé;123.0\n")

    assert (code, counted(result)) == (0, (1, 0, 1, 0, 0))
    assert Student.objects.get().number == "00123"


def test_cells_as_people_type_them(run):
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


def test_four_times_as_many_rows_take_four_times_as_many_calls(run, edition):
    edition.team_size_max = 10
    edition.save()
    run("students", made_rows(0, 8))  # what is made once in a process

    few, many = (
        calls_and_queries(run, made_rows(1000, 100)),
        calls_and_queries(run, made_rows(2000, 400)),
    )

    assert many[0] < 4.4 * few[0]
    assert many[1] < 4.4 * few[1]


def calls_and_queries(run: Run, content: bytes) -> tuple[int, int]:
    profile = Profile()
    with CaptureQueriesContext(connection) as queries:
        code, result = profile.runcall(run, "students", content)
    assert (code, result["created"]) == (0, content.count(b"@"))
    return sum(entry.callcount for entry in profile.getstats()), len(queries)


def made_rows(first: int, count: int) -> bytes:
    rows = [("nom", "prenom", "mail", "code_nip", "equipe", "departement", "salle", "groupe")]
    rows += [
        (f"NOM{n}", f"Zoé{n}", f"z{n}@x.fr", str(n + 1000), f"Équipe {n // 8}", "INFO", "1", "TD")
        for n in range(first, first + count)
    ]
    return as_csv(rows)
