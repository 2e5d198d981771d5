import io
import json

import pytest
from django.core.management import call_command

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.event.imports.models import Import
from teams.models import Student
from tests.imports.conftest import ZOE, counted, state
from tests.imports.files import (
    PLAIN,
)

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]


def test_an_error_has_the_row_of_the_spreadsheet(run):
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


def test_check_writes_nothing(run):
    before = state()

    code, result = run("students", PLAIN, "--check")

    assert (code, counted(result), result["applied"]) == (0, (3, 3, 0, 0, 0), False)
    assert state() == before
    assert not Import.objects.exists()


def test_who_is_left_out_is_named_beside_json(tmp_path):
    path, err = tmp_path / "liste.csv", io.StringIO()
    path.write_text("mail;ami\na@x.fr;b@x.fr\n")

    call_command("import", "students", str(path), "--json", stdout=io.StringIO(), stderr=err)

    named = "! ligne 2, ami : b@x.fr n’est pas importé : cette colonne n’est pas lue"
    assert named in err.getvalue().replace("\u00a0", " ")


def test_a_file_that_is_missing(tmp_path):
    out = io.StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("import", "students", str(tmp_path / "none.csv"), "--json", stdout=out)

    assert stopped.value.code == 1
    assert json.loads(out.getvalue())["errors"][0]["code"] == "file_missing"


def test_without_json_the_result_is_in_words(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("nom;mail;né le\nZoé A;a@x.fr;2005\nZoé A;b@x.fr;2005\nLuc;zoe@;\n")
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit):
        call_command("import", "students", str(path), stdout=out, stderr=err)

    errors = err.getvalue().replace("\u00a0", " ")
    assert "✗ ligne 4, mail : « zoe@ » n’est pas une adresse e-mail" in errors
    assert "Colonnes laissées de côté : né le" in errors
    assert "? ligne 3 : Zoé A est peut-être la même personne que a@x.fr." in errors
    counts = out.getvalue().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Lignes : 3 ; nouvelles : 0, modifiées : 0," in counts
    assert "Rien n’a été écrit." in out.getvalue()


def test_the_command_says_how_to_give_a_department(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("nom;mail;equipe\nZoé A;a@x.fr;Élans\n")
    err = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("import", "students", str(path), stdout=io.StringIO(), stderr=err)

    assert "--department CODE" in err.getvalue()


def test_the_edition_is_chosen(run, edition):
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2021", False
    other.save()

    code, result = run("students", "mail\na@x.fr\n", "--edition", "ccd-2021")

    assert (code, result["created"]) == (0, 1)
    assert Student.objects.get().edition == other


def test_an_import_is_one_act_of_the_journal(run):
    run("students", PLAIN)
    run("students", PLAIN)

    (entry,) = JournalEntry.objects.all()
    assert (entry.act, entry.by) == ("import.applied", None)
    assert entry.detail["created"] == 3
    assert ZOE not in str(entry.detail)
