import pytest

from teams.models import Student, Team
from tests.conftest import make_team
from tests.imports.conftest import ANNE, JAN, ZOE, counted, groups, names, places, state
from tests.imports.files import (
    ROOMS,
    SCODOC,
    TEAMS,
)

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]


def test_a_column_is_mapped_and_the_mapping_is_remembered(run):
    text = "Fétiche;Qui\nTD7;a@x.fr\n"
    unmapped = "Fétiche;mail\nTD8;a@x.fr\n"

    assert run("students", text, "--map", "Fétiche=group", "--map", "Qui=mail")[0] == 0
    assert groups() == {"a@x.fr": "TD7"}
    assert run("students", unmapped)[0] == 0
    assert groups() == {"a@x.fr": "TD8"}


def test_teams_with_a_row_for_each_member(run):
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


def test_a_team_is_found_without_the_accents_of_its_name(run):
    text = "equipe;departement;mail\nLes Élans;INFO;a@x.fr\nLES ELANS;INFO;b@x.fr\n"

    assert run("teams", text)[0] == 0
    assert run("rooms", "equipe;salle\nles elans;12\n")[1]["updated"] == 1
    assert [(team.name, team.room) for team in Team.objects.all()] == [("Les Élans", "12")]


def test_two_teams_whose_names_differ_by_an_accent_stay_two(run, info):
    make_team(info, "Pates")
    make_team(info, "Pâtés")

    run("rooms", "equipe;salle\nPÂTÉS;1\nPates;2\n")

    assert dict(Team.objects.values_list("name", "room")) == {"Pâtés": "1", "Pates": "2"}


def test_teams_with_their_members_in_one_row(run):
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


def test_each_member_may_have_columns_for_name_and_address(run):
    text = (
        "Équipe;Dept;Nom 1;Prénom 1;Mail 1;Étudiant 2;Mail 2;Mail 3\n"
        f"Les Élans;INFO;DURAND;Zoé;{ZOE};LE GOFF Anne;{ANNE};{JAN}\n"
    )

    code, result = run("teams", text)

    assert (code, result["errors"]) == (0, [])
    assert set(places()) == {ZOE, ANNE, JAN}
    assert names()[ZOE] == "Zoé Durand"
    assert (names()[ANNE], names()[JAN]) == ("Anne Le Goff", "")


def test_members_are_found_by_name_after_the_students(run):
    run("students", SCODOC)

    code, _result = run(
        "teams",
        "Équipe;Département;Nom;Prénom;Capitaine\nX;INFO;DURAND;Zoe;\nX;INFO;Le Goff;Anne;x\n",
    )

    assert code == 0
    assert places() == {ZOE: ("X", False), ANNE: ("X", True)}


def test_a_captain_by_name(run):
    run("students", SCODOC)

    code, _result = run(
        "teams", f"Équipe;Département;Mail;Capitaine\nX;INFO;{ZOE};Anne LE GOFF\nX;INFO;{ANNE};\n"
    )

    assert code == 0
    assert places() == {ZOE: ("X", False), ANNE: ("X", True)}


def test_a_member_moves_and_the_team_gets_another_captain(run):
    run("teams", TEAMS)

    code, result = run("students", f"mail;equipe\n{ANNE};Bocal à idées\n", "--move")

    assert (code, counted(result)) == (0, (1, 0, 1, 0, 0))
    assert places() == {
        ZOE: ("Les Élans", True),
        ANNE: ("Bocal à idées", False),
        JAN: ("Bocal à idées", True),
    }


def test_two_captains_change_places(run):
    run("teams", TEAMS)

    code, _result = run(
        "teams",
        f"equipe;mail;capitaine\nLes Élans;{JAN};oui\nBocal à idées;{ANNE};oui\n",
        "--move",
    )

    assert code == 0
    assert places() == {
        ZOE: ("Les Élans", False),
        ANNE: ("Bocal à idées", True),
        JAN: ("Les Élans", True),
    }


UNTOLD = (
    "nom;prenom;mail;groupe;equipe;salle\n"
    f"Durand;Zoé;{ZOE};TD1;Élans;208\n"
    f"Le Goff;Anne;{ANNE};INFO 2;Bocal;502\n"
    f"Müller;Jan;{JAN};TD1;Élans;208\n"
)


def test_a_team_of_an_unknown_department_stops_the_import(run):
    before = state()

    code, result = run("students", UNTOLD)

    (error,) = result["errors"]  # the department of the team is that of Anne's group
    assert (code, result["applied"], result["created"]) == (1, False, 0)
    assert (error["row"], error["column"], error["code"]) == (2, "equipe", "department_missing")
    assert "« département »" in error["message"].replace("\u00a0", " ")
    assert "(INFOCOM, INFO)" in error["message"]
    assert state() == before


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (UNTOLD, ("--department", "INFO")),
        (UNTOLD.replace("TD1", "BUT Informatique"), ()),
        (UNTOLD.replace("TD1", "INFO1"), ()),
        (UNTOLD.replace("groupe", "formation").replace("TD1", "INFO S3"), ()),
    ],
)
def test_a_department_of_the_file_or_of_the_option_places_the_students(run, text, options):
    code, result = run("students", text, *options)
    before = state()
    again = run("students", text, *options)

    assert (code, counted(result)) == (0, (3, 3, 0, 0, 0))
    assert places() == {ZOE: ("Élans", True), ANNE: ("Bocal", True), JAN: ("Élans", False)}
    assert set(Team.objects.values_list("name", "room", "department__code")) == {
        ("Élans", "208", "INFO"),
        ("Bocal", "502", "INFO"),
    }
    assert counted(again[1]) == (3, 0, 0, 3, 0)
    assert state() == before


def test_the_list_of_students_determines_the_department_of_a_team(run):
    run("students", f"nom;mail;département\nZoé Durand;{ZOE};INFO\n")

    code, result = run("students", f"mail;equipe\n{ZOE};Élans\n")

    assert (code, result["errors"]) == (0, [])
    assert places() == {ZOE: ("Élans", True)}


def test_a_team_determines_the_department_of_its_students(run):
    run("students", f"nom;mail\nZoé Durand;{ZOE}\n")
    text = f"equipe;département;membres\nÉlans;INFO;{ZOE}, {ANNE}\n"

    code, result = run("teams", text)
    again = run("teams", text)

    assert (code, result["errors"]) == (0, [])
    assert dict(Student.objects.values_list("user__email", "department__code")) == {
        ZOE: "INFO",
        ANNE: "INFO",
    }
    assert counted(again[1]) == (1, 0, 0, 1, 0)


def test_rooms_of_teams_and_floors_of_rooms(run):
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


def test_a_room_of_several_teams(run):
    run("teams", TEAMS)

    assert run("rooms", "salle;équipes\n300;les élans / bocal à idées\n")[0] == 0
    assert set(Team.objects.values_list("room", flat=True)) == {"300"}
