import pytest

from hackathon.imports.columns import columns_of, letter
from hackathon.imports.enums import FILE_KINDS, ColumnReason, Field, ImportKind
from hackathon.imports.headers import field_named, field_of, member_of, normal
from hackathon.imports.titles import FIELDS_OF
from tests.imports.files import APOGEE, MOODLE, SCODOC, SCODOC_LINES, Rows

STUDENTS, TEAMS, JURORS, ROOMS = FILE_KINDS


def fields(rows: Rows, kind: ImportKind) -> list[Field | None]:
    table = [[str(cell) for cell in row] for row in rows]
    return [column.field for column in columns_of(table, kind).all]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("N° Étudiant", "n etudiant"),
        ("E-mail", "e mail"),
        ("code_nip", "code nip"),
        ("Prénom(s)", "prenom"),
    ],
)
def test_titles_are_compared_without_accents_and_punctuation(title: str, name: str) -> None:
    assert normal(title) == name


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
def test_known_titles(title: str, kind: ImportKind, field: Field) -> None:
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
def test_titles_of_a_form_are_those_of_one_member(title: str, member: str) -> None:
    assert member_of(normal(title)) == member
    assert field_of(title, TEAMS) == (Field.MEMBERS, ColumnReason.KNOWN)


@pytest.mark.parametrize(
    "title",
    [
        *("Membre 1 : groupe de TD", "Membre 1 : régime", "Membre 1 : mail personnel"),
        *("Nom de l’équipe 1", "Mail (BUT 2)", "Équipe 3", "Chef d’équipe : mail universitaire"),
    ],
)
def test_other_titles_with_a_number_are_of_no_member(title: str) -> None:
    assert member_of(normal(title)) == ""


def test_the_captain_of_a_form_has_a_name_and_an_address() -> None:
    titles = ["Nom de l’équipe", "Chef d’équipe : NOM Prénom", "Chef d’équipe : mail universitaire"]

    assert [field_of(title, TEAMS)[0] for title in titles] == [
        *(Field.TEAM, Field.CAPTAIN, Field.CAPTAIN)
    ]


@pytest.mark.parametrize("field", sorted(FIELDS_OF[TEAMS]))
def test_a_column_may_be_titled_as_the_page_names_its_field(field: Field) -> None:
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
def test_sensitive_columns_are_left_out(title: str) -> None:
    assert field_of(title, STUDENTS) == (Field.IGNORED, ColumnReason.SENSITIVE)


def test_partitions_of_scodoc_are_groups() -> None:
    assert fields(SCODOC, STUDENTS) == [
        *(Field.IGNORED, Field.LAST_NAME, Field.FIRST_NAME, Field.GROUP, Field.GROUP, Field.STATE),
        *(Field.EMAIL, Field.PROGRAMME, Field.NUMBER, Field.NUMBER, Field.IGNORED),
    ]


def test_other_unknown_columns_stay_unknown() -> None:
    columns = columns_of([["nom", "mail", "Fétiche"], ["A", "a@x.fr", "ours"]], STUDENTS)

    assert columns.all[2].reason is ColumnReason.UNKNOWN


def test_the_values_of_apogee_come_after_its_sections() -> None:
    columns = columns_of([[str(cell) for cell in row] for row in APOGEE], STUDENTS)

    assert columns.header == 17
    assert columns.title(Field.NUMBER) == "apoL_a01_code"
    assert columns.all[3].reason is ColumnReason.SENSITIVE


def test_moodle() -> None:
    assert fields(MOODLE, STUDENTS)[:3] == [Field.FIRST_NAME, Field.LAST_NAME, Field.NUMBER]
    assert fields(MOODLE, STUDENTS)[4:] == [Field.DEPARTMENT, Field.EMAIL, Field.GROUP]


def test_titles_of_the_page_come_before_the_header() -> None:
    rows = [["Liste des étudiants 2026"], [], ["Nom", "Prénom", "Mail"], ["A", "B", "a@x.fr"]]

    assert columns_of(rows, STUDENTS).header == 2


def test_a_file_for_moodle_may_have_no_titles() -> None:
    columns = columns_of([list(row) for row in SCODOC_LINES[1:]], STUDENTS)

    assert columns.header == -1
    assert [column.field for column in columns.all] == [Field.EMAIL, Field.GROUP]


def test_a_group_beside_an_address_is_no_title() -> None:
    assert columns_of([["zoe@x.fr", "TD1"], ["anne@x.fr", "TD2"]], STUDENTS).header == -1


def test_a_list_of_names_and_addresses_may_have_no_titles() -> None:
    columns = columns_of([["Zoé Durand", "zoe@x.fr"], ["Anne Le Goff", "anne@x.fr"]], JURORS)

    assert [column.field for column in columns.all] == [Field.FULL_NAME, Field.EMAIL]


@pytest.mark.parametrize(
    "rows",
    [
        [["DURAND", "Zoé", "zoe@x.fr"], ["LE GOFF", "Anne", "anne@x.fr"]],
        [["Durand", "Zoé", "zoe@x.fr"], ["Le Goff", "Anne", "anne@x.fr"]],
    ],
)
def test_names_may_be_in_two_columns_without_titles(rows: Rows) -> None:
    assert fields(rows, JURORS) == [Field.LAST_NAME, Field.FIRST_NAME, Field.EMAIL]


def test_capitals_tell_the_family_name() -> None:
    rows = [["Zoé", "DURAND", "zoe@x.fr"], ["Anne", "LE GOFF", "anne@x.fr"]]

    assert fields(rows, JURORS) == [Field.FIRST_NAME, Field.LAST_NAME, Field.EMAIL]


def test_a_column_that_counts_the_rows_is_no_student_number() -> None:
    rows = [["N°", "Nom", "Mail"], ["1", "A", "a@x.fr"], ["2", "B", "b@x.fr"]]
    numbers = [["N°", "Nom", "Mail"], ["32100001", "A", "a@x.fr"], ["32100002", "B", "b@x.fr"]]

    assert fields(rows, STUDENTS)[0] is None
    assert fields(numbers, STUDENTS)[0] is Field.NUMBER


def test_an_unknown_column_of_addresses_is_the_address() -> None:
    assert fields([["Nom", "Adresse"], ["A", "a@x.fr"]], STUDENTS)[1] is Field.EMAIL
    assert fields([["Nom", "Adresse"], ["A", "2 rue Haute"]], STUDENTS)[1] is Field.IGNORED


def test_the_name_of_a_team_may_be_its_only_name() -> None:
    assert fields([["Nom", "Département"], ["Les Five", "INFO"]], TEAMS)[0] is Field.TEAM
    assert fields([["Nom", "Étage"], ["208", "2"]], ROOMS)[0] is Field.ROOM
    assert fields([["Équipe", "Nom", "Prénom"], ["X", "A", "B"]], TEAMS)[1] is Field.LAST_NAME


def test_hand_given_fields_come_first() -> None:
    table = [["Nom", "Fétiche"], ["A", "a@x.fr"]]
    mapping = {normal("Fétiche"): Field.GROUP, normal("Nom"): Field.IGNORED}
    columns = columns_of(table, STUDENTS, mapping)

    assert [column.field for column in columns.all] == [Field.IGNORED, Field.GROUP]
    assert {column.reason for column in columns.all} == {ColumnReason.MAPPED}


def test_fields_are_named_by_value_label_or_title() -> None:
    assert field_named("email") is field_named("Courriel") is Field.EMAIL
    assert field_named("Prénom") is Field.FIRST_NAME
    assert field_named("fétiche") is None


def test_letters_of_columns() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
