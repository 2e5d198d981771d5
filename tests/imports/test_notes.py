"""Values of a file that an import does not apply are listed on their row."""

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports import services
from hackathon.event.imports.enums import ImportKind, RowState
from hackathon.event.imports.plan import RowResult
from hackathon.event.imports.reading import read
from hackathon.event.imports.selectors import Options
from teams.models import Membership
from tests.conftest import NOON, make_team
from tests.imports.conftest import ZOE, counted, groups, names
from tests.imports.files import PLAIN, SCODOC

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]

IN_TEAM = (
    "Zoé Durand a quitté la formation, mais est encore dans l’équipe « Les Élans » : "
    "retirez cette personne de l’équipe"
)


def result(edition: Edition, text: str, row: int = 2, kind: str = "students") -> RowResult:
    table = read(text.encode())
    plan = services.preview(edition, ImportKind(kind), table, Options(), at=NOON)
    assert not plan.problems
    found = plan.results[row]
    found.notes = [note.replace("\u00a0", " ") for note in found.notes]
    return found


@pytest.mark.parametrize(
    "row", [f"DURAND;Zoé;{ZOE};D", "DURAND;Zoé;;D", f"AUTRE;Nom;{ZOE.upper()};D"]
)
def test_who_has_left_and_is_still_in_a_team_is_named(run, edition, row):
    run("students", PLAIN)

    found = result(edition, f"Nom;Prénom;Mail;Etat\n{row}\n")

    assert (found.state, found.notes) == (RowState.SKIPPED, [IN_TEAM])


def test_who_has_left_is_found_by_student_number(run, edition):
    run("students", f"nom;mail;code_nip;equipe;département\nZoé Durand;{ZOE};0123;Les Élans;INFO\n")

    assert result(edition, "code_nip;Etat\n123;D\n").notes == [IN_TEAM]


def test_who_has_left_and_is_in_the_list_only_is_named_too(run, edition):
    run("students", SCODOC)

    assert result(edition, f"Mail;Etat\n{ZOE};D\n").notes == [
        "Zoé Durand a quitté la formation, mais reste dans la liste des étudiants"
    ]


def test_who_has_left_one_group_and_stays_in_another_needs_no_note(run, edition):
    run("students", PLAIN)

    text = f"Mail;Groupe;Etat\n{ZOE};TD1;D\n{ZOE};TD2;I\n"

    assert result(edition, text, 2).notes == []


def test_a_later_export_renames_an_account_in_use(run, client):
    run("students", SCODOC)
    client.force_login(User.objects.get(email=ZOE))

    code, counts = run("students", f"nom;mail\nZoé Durand-Roux;{ZOE}\n")

    assert (code, counted(counts)) == (0, (1, 0, 1, 0, 0))
    assert names()[ZOE] == "Zoé Durand-Roux"


@time_machine.travel(NOON, tick=False)
def test_a_list_of_one_edition_renames_nobody_on_the_certificates_of_another(run, edition, info):
    run("students", f"nom;mail;equipe;département\nZoé Durand;{ZOE};Les Élans;INFO\n")
    client = Client()
    client.force_login(User.objects.get(email=ZOE))
    here = Membership.objects.get(user__email=ZOE)
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "autre", False
    other.save()
    department = Department.objects.create(edition=other, name="INFO", code="INFO")
    there = make_team(department, "Les Élans", here.user).memberships.get()

    run("students", f"nom;mail\nAmi Jamais Venu;{ZOE}\n")

    here.refresh_from_db()
    there.refresh_from_db()
    assert names()[ZOE] == "Ami Jamais Venu"
    assert (here.certificate_name, there.certificate_name) == ("", "Zoé Durand")


def renamed(email: str) -> None:
    user = User.objects.get(email=email)
    Client().force_login(user)
    accounts.rename(user, "Zoé D.", by=user, at=NOON)


def test_a_name_that_its_owner_typed_stays_and_the_row_says_so(run, edition):
    run("students", SCODOC)
    renamed(ZOE)
    text = f"nom;mail\nZoé Durand;{ZOE}\n"

    found = result(edition, text)
    code, counts = run("students", text)

    assert found.state == RowState.SKIPPED
    assert found.notes == [
        "garde son nom, « Zoé D. » : cette personne est seule à pouvoir le changer"
    ]
    assert (code, counted(counts)) == (0, (1, 0, 0, 0, 1))
    assert names()[ZOE] == "Zoé D."


def test_a_row_whose_name_stays_may_change_something_else(run, edition):
    run("students", SCODOC)
    renamed(ZOE)
    text = f"nom;mail;groupe\nZoé Durand;{ZOE};TD9\n"

    assert result(edition, text).state == RowState.UPDATED
    run("students", text)

    assert (names()[ZOE], groups()[ZOE]) == ("Zoé D.", "TD9")


@pytest.mark.parametrize("kind", ["students", "jurors"])
def test_no_list_renames_an_organizer(run, edition, eve, kind):
    Client().force_login(eve)

    run(kind, f"nom;mail;département\nQui Voilà;{eve.email};INFO\n")

    eve.refresh_from_db()
    assert eve.name == "Eve"
