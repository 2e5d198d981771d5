"""Files as schools have them: what stands around the table, and what programs did to its cells."""

import io

import openpyxl
import pytest

from hackathon.event.editions.models import Department
from teams.models import Student
from tests.imports.conftest import groups, names, numbers, places
from tests.imports.files import Rows, as_csv, as_ods, as_xlsx, merged_ods, table

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]

ANNE_AND_BOB = {"anne@x.fr": "Anne Martin", "bob@x.fr": "Bob Petit"}
AROUND: dict[str, tuple[str, int]] = {  # the text, and how many rows are left out
    "lines above the titles": (
        "IUT Nancy;;\nGroupe TD1;;\n;;\nNom;Prénom;Mail\nMARTIN;Anne;anne@x.fr\nPETIT;Bob;bob@x.fr",
        0,
    ),
    "titles on each page": (
        "Nom;Prénom;Mail\nMARTIN;Anne;anne@x.fr\n\nNOM;Prénom;mail\nPETIT;Bob;bob@x.fr\n",
        1,
    ),
    "one table for each group": (
        "TD1;;\nNom;Prénom;Mail\nMARTIN;Anne;anne@x.fr\nTD2;;\nNom;Prénom;Mail\nPETIT;Bob;bob@x.fr",
        2,
    ),
    "a total": ("Nom;Prénom;Mail\nMARTIN;Anne;anne@x.fr\nPETIT;Bob;bob@x.fr\nTotal;2;\n", 1),
    "how many there are": (
        "Nom;Prénom;Mail\nMARTIN;Anne;anne@x.fr\nPETIT;Bob;bob@x.fr\nEffectif : 2;;\n",
        1,
    ),
    "who printed it": (
        "Nom;Prénom;Mail\nMARTIN;Anne;anne@x.fr\nPETIT;Bob;bob@x.fr\nÉdité le 13/06/2026;;\n",
        1,
    ),
    "the end of a file of DOS": (
        "Nom;Prénom;Mail\nMARTIN;Anne;anne@x.fr\nPETIT;Bob;bob@x.fr\n\x1a",
        0,
    ),
    "line ends of three systems": (
        "Nom;Prénom;Mail\r\nMARTIN;Anne;anne@x.fr\rPETIT;Bob;bob@x.fr\n",
        0,
    ),
}


@pytest.mark.parametrize("form", AROUND)
def test_what_stands_around_the_table_is_left_out(run, form):
    text, skipped = AROUND[form]

    code, result = run("students", text)

    assert (code, result["errors"], result["skipped"]) == (0, [], skipped)
    assert names() == ANNE_AND_BOB


def test_a_total_may_be_in_the_column_of_the_numbers(run):
    code, result = run("students", "nip;nom;mail\n1;A B;a@x.fr\nTotal : 80 étudiants;;\n")

    assert (code, result["created"], result["skipped"]) == (0, 1, 1)


def test_a_second_row_of_titles_is_no_person(run):
    text = "étudiant;;mail\nNom;Prénom;\nDURAND;Zoé;a@x.fr\n"

    code, result = run("students", text)

    assert (code, result["created"], result["skipped"]) == (0, 1, 1)
    assert names() == {"a@x.fr": "Zoé Durand"}


def test_a_family_of_the_name_total_and_a_line_with_a_number_are_people(run):
    code, result = run("students", "nom;mail;n° étudiant\nTotal;t@x.fr;32100001\nTotal;;32100001\n")

    assert (code, result["skipped"]) == (0, 0)
    assert numbers() == {"t@x.fr": "32100001"}


def test_a_team_may_have_the_name_total(run):
    text = "equipe;departement;salle\nTotal;INFO;208\nX;INFO;209\nTotal : 2;;\n"

    code, result = run("teams", text)

    assert (code, result["created"], result["skipped"]) == (0, 2, 1)


@pytest.mark.parametrize(
    ("cell", "email"),
    [
        ("MAILTO:Anne@X.fr?subject=CCD", "anne@x.fr"),
        ("anne@x.fr anne@x.fr", "anne@x.fr"),
        ('"=HYPERLINK(""mailto:anne@x.fr"";""anne@x.fr"")"', "anne@x.fr"),
        ('"=LIEN_HYPERTEXTE(""mailto:anne@x.fr"")"', "anne@x.fr"),
        ("anne . martin@ x.fr", "anne.martin@x.fr"),
    ],
)
def test_addresses_as_programs_write_them(run, cell, email):
    code, result = run("students", f"nom;mail\nAnne;{cell}\n")

    assert (code, result["errors"], set(names())) == (0, [], {email})


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("anne@x.fr, anne@perso.fr", "email_several"),
        ("anne@x.fr / anne@perso.fr", "email_several"),
        ("MARTIN Anne anne@x.fr", "email_invalid"),
        ("Anne <anne>", "email_invalid"),
        ("#N/A", "email_invalid"),
    ],
)
def test_no_address_is_made_of_a_cell_with_other_things(run, cell, code):
    exit_code, result = run("students", f"nom\tmail\nAnne\t{cell}\n")

    assert (exit_code, [e["code"] for e in result["errors"]]) == (1, [code])


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ('"=""00123456"""', "00123456"),
        ("'00123456", "00123456"),
        ("32 100 001", "32100001"),
        ("32100001,0", "32100001"),
    ],
)
def test_student_numbers_as_programs_write_them(run, cell, number):
    code, _result = run("students", f"nom;mail;n° étudiant\nAnne;anne@x.fr;{cell}\n")

    assert (code, numbers()) == (0, {"anne@x.fr": number})


@pytest.mark.parametrize(
    ("content", "row", "column"),
    [
        ("nom;mail\nZoé;a@x.fr\n".encode() + "Hélène;b@x.fr\n".encode("cp1252"), 2, "nom"),
        ("nom;mail\nZoÃ©;a@x.fr\n".encode(), 2, "nom"),
        ("nom;mail\nH\ufffdl\ufffdne;a@x.fr\n".encode(), 2, "nom"),
        ("mail;prÃ©nom\na@x.fr;Bob\n".encode(), 1, "prÃ©nom"),
        ("mail;prénom\na@x.fr;Œdipe\n".encode("iso-8859-15"), 2, "prénom"),
        ("mail;nom\na@x.fr;Zoé\n".encode("mac_roman"), 2, "nom"),
        ("mail;nom\na@x.fr;ÉCLAIR\n".encode("mac_roman"), 2, "nom"),
        ("mail;nom\na@x.fr;Zoé\n".encode("cp850"), 2, "nom"),
        (as_xlsx(("A", [["mail", "nom"], ["a@x.fr", "LÃ‰GER"]])), 2, "nom"),
    ],
)
def test_letters_that_a_wrong_encoding_damaged_are_errors_of_their_cells(run, content, row, column):
    code, result = run("students", content)

    assert (code, [(e["row"], e["column"], e["code"]) for e in result["errors"]]) == (
        1,
        [(row, column, "damaged")],
    )


def test_a_dash_is_an_empty_cell(run):
    code, _result = run("students", "nom;mail;nip;groupe\nA;a@x.fr;-;–\nB;b@x.fr;-;TD1\n")

    assert (code, numbers()) == (0, {"a@x.fr": "", "b@x.fr": ""})
    assert groups() == {"a@x.fr": "", "b@x.fr": "TD1"}


def test_the_name_beside_an_address_is_taken_if_no_column_has_one(run):
    code, _result = run("students", 'mail\nZoé Durand <a@x.fr>\n"""MARTIN, Anne"" <b@x.fr>"\n')

    assert (code, names()) == (0, {"a@x.fr": "Zoé Durand", "b@x.fr": "Anne Martin"})


def test_a_hidden_sheet_is_read_only_if_it_is_asked_for(run):
    book = openpyxl.load_workbook(
        io.BytesIO(
            as_xlsx(
                ("Liste", [["mail"], ["anne@x.fr"]]),
                ("Ancienne", [["nom", "mail", "groupe"], ["Vic", "vic@x.fr", "TD9"]]),
            )
        )
    )
    book["Ancienne"].sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)

    first = run("students", written.getvalue(), "--check")
    run("students", written.getvalue(), "--sheet", "Ancienne")

    assert (first[0], first[1]["created"]) == (0, 1)
    assert set(names()) == {"vic@x.fr"}


def merged_xlsx(rows: Rows, *ranges: str) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append([cell or None for cell in row])
    for merged in ranges:
        book.worksheets[0].merge_cells(merged)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("write", [merged_xlsx, merged_ods])
def test_teams_whose_cells_are_merged_over_their_members(run, write):
    rows = table("""
    Équipes du Crazy Charly Day|||
    Équipe    | Salle | Département | Mail
    Les Élans | 208   | INFO        | anne@x.fr
              |       |             | bob@x.fr
    Bocal     | 502   | INFO        | zoe@x.fr
    """)

    code, result = run("teams", write(rows, "A1:D1", "A3:A4", "B3:B4", "C3:C4"))

    assert (code, result["errors"]) == (0, [])
    assert {email: team for email, (team, _captain) in places().items()} == {
        "anne@x.fr": "Les Élans",
        "bob@x.fr": "Les Élans",
        "zoe@x.fr": "Bocal",
    }


def test_a_group_file_of_scodoc_with_many_partitions(run):
    rows = table("""
    |||||||||
    Civ.|Nom|Prénom|TD|Anglais LV1|Parcours S3|Etat|Mail|etudid|code_nip
    Mme|O’CONNOR|Zoé|TD1|A2|RA-IL||zoe@x.fr|901|32100001
    M.|D'ALMEIDA|Jean-Luc|TD1|A1||I|jl@x.fr|902|32100002
    M.|PARTI|Luc||||D|luc@x.fr|904|32100004
    """)

    code, result = run("students", as_xlsx(("Groupes", rows)))

    assert (code, result["created"], result["skipped"]) == (0, 2, 1)
    assert names() == {"zoe@x.fr": "Zoé O’Connor", "jl@x.fr": "Jean-Luc D'Almeida"}
    assert groups()["zoe@x.fr"] == "TD1 · A2"


def test_an_export_of_scodoc_with_everything_gives_only_the_partitions(run):
    """Its « specialite » is that of the baccalaureate."""
    titles = (
        "etudid;code_nip;etat;civilite_str;nom;nom_usuel;prenom;inscriptionstr;email;emailperso;"
        "domicile;villedomicile;codepostaldomicile;paysdomicile;telephone;telephonemobile;fax;"
        "date_naissance;lieu_naissance;bac;specialite;annee_bac;nomlycee;villelycee;"
        "codepostallycee;codelycee;type_admission;boursier_prec;debouche;parcours;codeparcours"
    )
    given = {"nom": "DURAND", "prenom": "Zoé", "email": "zoe@x.fr", "parcours": "S1 S3"}
    cells = [given.get(title, f"<{title}>") for title in titles.split(";")]

    code, result = run("students", f"{titles};TD;Anglais\n{';'.join(cells)};TD1;A2\n")

    assert (code, result["errors"]) == (0, [])
    student = Student.objects.get()
    assert (student.department, student.group, student.programme) == (None, "TD1 · A2", "S1 S3")


@pytest.mark.parametrize("names_of", [("MARTIN", "Anne"), ("Anne", "MARTIN")])
def test_a_title_that_is_merged_over_two_columns_of_names(run, names_of):
    rows = [["Étudiant", "", "Mail"], [*names_of, "anne@x.fr"]]

    code, _result = run("students", merged_xlsx(rows, "A1:B1"))

    assert (code, names()) == (0, {"anne@x.fr": "Anne Martin"})


@pytest.mark.parametrize("separator", [", ", "; ", "\n", ",\r\n"])
def test_the_recipients_of_a_mail(run, separator):
    recipients = ("Hélène Marchal <helene@x.fr>", '"Petit, Zoé" <zoe@x.fr>', "karine@x.fr")

    code, _result = run("jurors", separator.join(recipients), "--department", "INFO")

    assert code == 0
    assert names() == {"helene@x.fr": "Hélène Marchal", "zoe@x.fr": "Zoé Petit", "karine@x.fr": ""}


def test_a_second_address_of_a_list_without_titles_is_no_group(run):
    code, result = run("students", "a@x.fr\nb@x.fr;c@x.fr\n")

    assert code == 1
    assert [(e["column"], e["code"]) for e in result["errors"]] == [("B", "email_several")]


@pytest.mark.parametrize(
    ("title", "department"), [("Dpt", "INFO"), ("Dépt.", "INFO"), ("DEPARTEMENT", "info")]
)
def test_a_list_of_a_school_office(run, title, department):
    code, _result = run("students", f"Élève;{title};Mél\nMARTIN Anne;{department};anne@x.fr\n")

    assert (code, names()) == (0, {"anne@x.fr": "Anne Martin"})
    assert Student.objects.get().department == Department.objects.get(code="INFO")


def test_a_table_of_an_ods_begins_where_its_rows_begin(run):
    """The row of an error is that of the spreadsheet."""
    _code, result = run("students", as_ods(("A", [["", ""], ["", "mail"], ["", "anne"]])))

    assert [(e["row"], e["column"]) for e in result["errors"]] == [(3, "mail")]


def test_what_is_exported_can_be_imported(run):
    """An export writes an apostrophe before what would be a formula."""
    code, _result = run("students", as_csv([["nom", "mail", "groupe"], ["A", "a@x.fr", "'-TD"]]))

    assert (code, groups()) == (0, {"a@x.fr": "-TD"})
