"""People who would change their department are counted, and move only with a tick."""

import io

import pytest
from django.core.management import call_command

from hackathon.event.editions.models import Department
from teams.models import Student, Team
from tests.imports.conftest import Run, send, state, text_of, upload

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("edition", "info", "infocom")]

PEOPLE = "nom;mail\nZoé Durand;zoe@x.fr\nJan Müller;jan@x.fr\n"


@pytest.fixture(autouse=True)
def _known(run: Run, info: Department) -> None:
    assert run("students", PEOPLE, "--department", "INFO")[0] == 0


def codes() -> set[str]:
    return set(Student.objects.values_list("department__code", flat=True))


def test_a_whole_file_into_another_department_is_refused(run):
    before = state()

    code, result = run("students", PEOPLE, "--department", "INFOCOM")

    assert code == 1
    assert [(e["row"], e["code"]) for e in result["errors"]] == [
        *((2, "department_changes"), (3, "department_changes"))
    ]
    assert "Zoé Durand est du département Informatique" in result["errors"][0]["message"]
    assert state() == before


def test_the_command_moves_them_if_asked(run):
    code, result = run("students", PEOPLE, "--department", "INFOCOM", "--move")

    assert (code, result["updated"], codes()) == (0, 2, {"INFOCOM"})


def test_the_command_counts_them_and_names_its_option(tmp_path):
    path, err = tmp_path / "liste.csv", io.StringIO()
    path.write_text(PEOPLE)

    with pytest.raises(SystemExit):
        call_command(
            *("import", "students", str(path), "--department", "INFOCOM"),
            stdout=io.StringIO(),
            stderr=err,
        )

    text = err.getvalue().replace("\u00a0", " ")
    assert "2 personnes changent de département (INFO → INFOCOM : 2)." in text
    assert "Si c’est voulu : --move." in text


def test_the_page_counts_them_and_wants_a_tick(browser, infocom):
    page = upload(browser, PEOPLE.encode(), department=str(infocom.pk))
    assert "2 personnes changent de département" in text_of(page)
    assert "INFO → INFOCOM : 2" in text_of(page)
    assert 'name="apply"' not in text_of(page)

    refused = send(browser, page, apply="")
    assert "Rien n’a été importé" in text_of(refused)
    assert codes() == {"INFO"}

    page = send(browser, page, may_move="on", refresh="")
    send(browser, page, apply="")
    assert codes() == {"INFOCOM"}


def test_a_tick_is_for_the_department_that_was_shown(browser, infocom):
    page = upload(browser, PEOPLE.encode(), department=str(infocom.pk))
    page = send(browser, page, department="", may_move="on", refresh="")
    page = send(browser, page, department=str(infocom.pk), refresh="")

    assert 'name="apply"' not in text_of(page)


def test_a_group_never_moves_anybody(run):
    text = "mail;groupe;équipe\nzoe@x.fr;INFOCOM 1;Toute Neuve\nnew@x.fr;INFOCOM 1;\n"

    code, result = run("students", text)

    assert (code, result["errors"]) == (0, [])
    assert dict(Student.objects.values_list("user__email", "department__code")) == {
        "zoe@x.fr": "INFO",
        "jan@x.fr": "INFO",
        "new@x.fr": "INFOCOM",
    }
    assert Team.objects.get().department.code == "INFO"


def test_a_new_team_of_another_department_is_a_move(run):
    code, result = run("teams", "équipe;mail;dept\nComunik;zoe@x.fr;INFOCOM\n")

    assert (code, [e["code"] for e in result["errors"]]) == (1, ["department_changes"])
    assert not Team.objects.exists()
