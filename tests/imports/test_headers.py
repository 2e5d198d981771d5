import pytest

from hackathon.event.imports.columns import columns_of, letter
from hackathon.event.imports.enums import FILE_KINDS, ColumnReason, Field, ImportKind
from hackathon.event.imports.headers import field_named, field_of, member_of, normal
from hackathon.event.imports.titles import FIELDS_OF
from tests.imports.files import Rows

STUDENTS, TEAMS, JURORS, ROOMS = FILE_KINDS


def fields(rows: Rows, kind: ImportKind) -> list[Field | None]:
    table = [[str(cell) for cell in row] for row in rows]
    return [column.field for column in columns_of(table, kind).all]


@pytest.mark.parametrize(
    ("title", "kind", "field"),
    [
        ("Adresse électronique institutionnelle", STUDENTS, Field.EMAIL),
        ("E-mail étudiant", STUDENTS, Field.EMAIL),
        ("Courriel UL", STUDENTS, Field.EMAIL),
        ("N° étudiant", STUDENTS, Field.NUMBER),
        ("Code étudiant", STUDENTS, Field.NUMBER),
        ("NOM Prénom", STUDENTS, Field.FULL_NAME),
        ("Nom d’usage", STUDENTS, Field.LAST_NAME),
        ("Groupe de TD", STUDENTS, Field.GROUP),
        ("TP", STUDENTS, Field.GROUP),
        ("Parcours", STUDENTS, Field.PROGRAMME),
        ("Nom de l’équipe", TEAMS, Field.TEAM),
        ("Bureau", TEAMS, Field.ROOM),
        ("Mail du capitaine", TEAMS, Field.CAPTAIN),
        ("Membre 3", TEAMS, Field.MEMBERS),
        ("Mail membre 2", TEAMS, Field.MEMBERS),
        ("Email 1", TEAMS, Field.MEMBERS),
        ("Votre département", TEAMS, Field.DEPARTMENT),
        ("ID number", STUDENTS, Field.NUMBER),
        ("Président (O/N)", JURORS, Field.PRESIDENT),
        ("Jury", JURORS, Field.DEPARTMENT),
        ("Rôle", JURORS, Field.KIND),
        ("Rôle", TEAMS, Field.CAPTAIN),
        ("Président(e) du jury", JURORS, Field.PRESIDENT),
        ("Niveau", ROOMS, Field.FLOOR),
        ("Salle n°", ROOMS, Field.ROOM),
    ],
)
def test_known_titles(title, kind, field):
    assert field_of(title, kind) == (field, ColumnReason.KNOWN)


@pytest.mark.parametrize(
    ("title", "member"),
    [
        ("Membre 1 : NOM Prénom", "1"),
        ("Membre 1 : mail universitaire", "1"),
        ("Membre 1 (chef d’équipe) : NOM Prénom", "1"),
        ("Membre 1 (chef d'équipe) : mail académique", "1"),
        ("Personne 2", "2"),
        ("Personne 2 : mail IUT", "2"),
        ("Équipier·ère 2", "2"),
        ("Équipier·ère n° 2 : adresse e-mail UL", "2"),
        ("Adresse mail de l’étudiant·e 3 (@etu)", "3"),
        ("Mail universitaire 4", "4"),
        ("Nom et prénom du 4e membre (si équipe de 4)", "4"),
    ],
)
def test_titles_of_a_form_are_those_of_one_member(title, member):
    assert member_of(normal(title)) == member
    assert field_of(title, TEAMS) == (Field.MEMBERS, ColumnReason.KNOWN)


@pytest.mark.parametrize(
    "title",
    [
        *("Membre 1 : groupe de TD", "Membre 1 : régime", "Membre 1 : mail personnel"),
        *("Nom de l’équipe 1", "Mail (BUT 2)", "Équipe 3", "Chef d’équipe : mail universitaire"),
    ],
)
def test_other_titles_with_a_number_are_of_no_member(title):
    assert member_of(normal(title)) == ""


def test_the_captain_of_a_form_has_a_name_and_an_address():
    titles = ["Nom de l’équipe", "Chef d’équipe : NOM Prénom", "Chef d’équipe : mail universitaire"]

    assert [field_of(title, TEAMS)[0] for title in titles] == [
        *(Field.TEAM, Field.CAPTAIN, Field.CAPTAIN)
    ]


@pytest.mark.parametrize("field", sorted(FIELDS_OF[TEAMS]))
def test_a_column_may_be_titled_as_the_page_names_its_field(field):
    assert field_of(str(field.label), TEAMS)[0] is field


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Date de naissance",
            "Né(e) le",
            "Nationalité",
            "Boursier",
            "Domicile",
            "Adresse postale",
        ),
        *("Série du bac", "Baccalauréat", "Mail perso", "Téléphone", "Handicap", "code_ine"),
        *("E-mail des parents", "Ville de naissance", "Code postal"),
    ],
)
def test_sensitive_columns_are_left_out(title):
    assert field_of(title, STUDENTS) == (Field.IGNORED, ColumnReason.SENSITIVE)


def test_an_unknown_column_of_addresses_is_the_address():
    assert fields([["Nom", "Adresse"], ["A", "a@x.fr"]], STUDENTS)[1] is Field.EMAIL
    assert fields([["Nom", "Adresse"], ["A", "2 rue Haute"]], STUDENTS)[1] is Field.IGNORED


def test_the_name_of_a_team_may_be_its_only_name():
    assert fields([["Nom", "Département"], ["Les Five", "INFO"]], TEAMS)[0] is Field.TEAM
    assert fields([["Nom", "Étage"], ["208", "2"]], ROOMS)[0] is Field.ROOM
    assert fields([["Nom", "Salle"], ["X", "2"]], ROOMS)[1] is Field.ROOM
    assert fields([["Équipe", "Nom", "Prénom"], ["X", "A", "B"]], TEAMS)[1] is Field.LAST_NAME


def test_fields_are_named_by_value_label_or_title():
    assert field_named("email") is field_named("Courriel") is Field.EMAIL
    assert field_named("Prénom") is Field.FIRST_NAME
    assert field_named("fétiche") is None


def test_letters_of_columns():
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
