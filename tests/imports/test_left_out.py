"""Everybody who stands in a file and is left out is named."""

from typing import Any

import pytest

from hackathon.event.editions.models import Edition
from hackathon.event.imports import services, summary
from hackathon.event.imports.enums import ImportKind, LeftOutReason
from hackathon.event.imports.models import Import
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import Table
from hackathon.event.imports.selectors import Options
from teams.models import Membership, Student
from tests.conftest import NOON
from tests.imports.conftest import INDEX, names, send, text_of, upload
from tests.imports.files import as_csv, as_xlsx, table

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]

# One team in each row, as an online form gives it. One apostrophe, one emoji, one empty member.
FORM = table("""
Horodateur|Nom de votre équipe|Département|Mail du membre 1|Nom du membre 1|Mail du membre 2|Nom du membre 2|Mail du 3e membre (facultatif)|Nom du 3e membre (facultatif)
13/06/2026 10:02|L’Équipe 🚀|INFO|zoe@x.fr|DURAND Zoé|anne@x.fr|Anne d'Almeida|jan@x.fr|Jan Müller
13/06/2026 10:09|Les Élans|INFOCOM|eli@x.fr|PETIT Eli|noe@x.fr|ROUX Noé||
""")  # noqa: E501
FORM_PEOPLE = {"zoe@x.fr", "anne@x.fr", "jan@x.fr", "eli@x.fr", "noe@x.fr"}
DAY: dict[str, Any] = {"at": NOON}


def plan_of(edition: Edition, kind: str, rows: Any, **options: Any) -> Plan:
    of_kind = ImportKind(kind)
    texts = [[str(cell) for cell in row] for row in rows]
    return services.preview(edition, of_kind, Table(texts), Options(**options), **DAY)


def left(plan: Plan) -> set[tuple[int, str, str, LeftOutReason]]:
    return {(one.row, one.column, one.person, one.reason) for one in plan.left_out}


def test_a_list_of_teams_read_as_students_names_who_would_be_lost(browser):
    page = upload(browser, as_csv(FORM))

    text = text_of(page)
    assert "3 personnes du fichier ne seraient pas importées" in text
    assert "Le fichier nomme 5 personnes, l’aperçu 2." in text
    assert "<b>Mail du membre 2</b>, lignes 2–3" in text
    assert "anne@x.fr, noe@x.fr" in text
    assert "Une ligne par équipe ?" in text


def test_people_are_lost_only_by_a_tick(browser):
    page = upload(browser, b"Mail;Mail du voisin\na@x.fr;b@x.fr\n")

    refused = send(browser, page, apply="")
    before = Student.objects.count()
    send(browser, page, apply="", without="on")

    assert refused.status_code == 422
    assert "Cochez pour importer le reste" in text_of(refused)
    assert before == 0
    assert list(Student.objects.values_list("user__email", flat=True)) == ["a@x.fr"]


def test_of_two_columns_with_one_meaning_the_page_says_which_is_read(browser):
    page = upload(browser, b"Mail;Courriel\na@x.fr;b@x.fr\n;c@x.fr\n")
    text = text_of(page)

    page = send(browser, page, column_0="ignored")

    assert "la même chose, « adresse e-mail » : « Mail », « Courriel »." in text
    assert "une seule est lue : la première qui est remplie, dans cet ordre" in text
    assert "après « Mail »" in text
    plan_text = text_of(page)
    assert "donnent la même chose" not in plan_text
    assert "b@x.fr" in plan_text
    send(browser, page, apply="")
    assert set(names()) == {"b@x.fr", "c@x.fr"}


def test_two_columns_with_one_title_are_chosen_apart(browser):
    page = upload(browser, b"Mail;Mail\na@x.fr;b@x.fr\n")

    page = send(browser, page, column_0="ignored")
    send(browser, page, apply="")

    assert set(names()) == {"b@x.fr"}


def test_every_column_that_is_not_read_is_named(browser):
    page = upload(browser, "Mail;Capacité;Fétiche;Membres\na@x.fr;3;Chat;\n".encode())

    expected = "Colonnes qui ne sont pas lues : « Capacité », « Fétiche », « Membres »."
    assert expected in text_of(page)


@pytest.mark.parametrize(
    ("kind", "rows", "expected"),
    [
        ("students", [["Mail", "Mail 2"], ["a@x.fr", "b@x.fr"]], (2, "Mail 2", "b@x.fr", "second")),
        ("students", [["Mail", "Ami"], ["a@x.fr", "b@x.fr"]], (2, "Ami", "b@x.fr", "unused")),
        ("students", [["Mail", "Membre 2"], ["a@x.fr", "Li"]], (2, "Membre 2", "Li", "unused")),
        (
            "students",
            [["Mail", "Adresse du voisin"], ["a@x.fr", "b@x.fr"]],
            (2, "Adresse du voisin", "b@x.fr", "second"),
        ),
        ("students", [["b@x.fr : écrire ici"], ["Mail"], ["a@x.fr"]], (1, "", "b@x.fr", "above")),
        (
            "students",
            [["Nom", "Mail", "Etat"], ["A", "a@x.fr", "I"], ["B", "b@x.fr", "D"]],
            (3, "Mail", "b@x.fr", "left"),
        ),
        ("students", [["Mail"], ["a@x.fr"], ["b@x.fr, c@"]], (3, "Mail", "b@x.fr", "wrong")),
        (
            "students",
            [["Nom", "Mail"], ["A", "a@x.fr"], ["Bo", ""]],
            (3, "Nom", "Bo", "wrong"),
        ),
        (
            "jurors",
            [["Mail", "Jury", "Ami"], ["a@x.fr", "INFO", "b@x.fr"]],
            (2, "Ami", "b@x.fr", "unused"),
        ),
    ],
)  # fmt: skip
def test_each_way_to_be_left_out(edition, kind, rows, expected):
    plan = plan_of(edition, kind, rows)

    assert left(plan) == {expected}
    assert plan.people == 1


@pytest.mark.parametrize(
    "rows",
    [
        [["Mail", "Mail perso"], ["a@x.fr", "b@x.fr"]],
        [["Prénom", "Nom", "Prénom 2", "Mail"], ["A", "B", "C", "a@x.fr"]],
        [["Nom", "Mail"], ["A", "a . b @x.fr"], ["Total", "1"]],
        [["Mail", "Étudiants"], ["a@x.fr", "DURAND Zoé"]],
    ],
)
def test_who_is_in_the_plan_is_not_left_out(edition, rows):
    assert plan_of(edition, "students", rows).left_out == []


def test_another_sheet_with_other_people_is_named(browser):
    rows = [["nom", "mail"], ["A", "a@x.fr"]]
    page = upload(browser, as_xlsx(("TD1", rows), ("TD2", [["mail"], ["b@x.fr"]])), "a.xlsx")

    text = text_of(page)

    assert "<b>TD2</b>" in text
    assert "dans une autre feuille du classeur" in text
    assert "b@x.fr" in text


def test_people_in_the_cell_of_an_address_and_in_that_of_members_are_all_members(edition):
    rows = [["Équipe", "Dept", "Mail", "Membres"], ["X", "INFO", "a@x.fr, b@x.fr", "c@x.fr"]]

    plan = plan_of(edition, "teams", rows)

    members = {m.user.email for m in plan.new if isinstance(m, Membership)}
    assert members == {"a@x.fr", "b@x.fr", "c@x.fr"}


def test_who_is_left_out_is_a_file_too(browser):
    page = upload(browser, as_csv(FORM))

    url = page.redirect_chain[0][0]
    file = browser.get(url, {"export": "csv", "left_out": ""}).content.decode("utf-8-sig")

    assert file.splitlines()[0] == '"Ligne";"Colonne";"Qui";"Pourquoi"'
    assert {line.split(";")[2].strip('"') for line in file.splitlines()[1:]} == {
        "anne@x.fr",
        "noe@x.fr",
        "jan@x.fr",
    }


BAD = "Nom;Mail\nDurand Zoé;zoe@x.fr\nPetit Eli;eli@\nRoux Noé;noe@x.fr\n".encode()


def test_wrong_rows_are_set_aside_and_the_rest_is_imported(browser):
    page = upload(browser, BAD)
    assert "Laisser cette ligne de côté" in text_of(page)

    page = send(browser, page, set_aside="")
    text = text_of(page)
    result = send(browser, page, apply="")

    assert "Laissé de côté" in text
    assert "Mail : « eli@ » n’est pas une adresse e-mail. Corrigez-la." in text
    assert "Laissés de côté (1) : Petit Eli" in text_of(result)
    assert set(names()) == {"zoe@x.fr", "noe@x.fr"}


def test_rows_that_were_set_aside_stay_for_a_day(browser):
    page = send(browser, upload(browser, BAD), set_aside="")
    send(browser, page, apply="")

    rest = Import.objects.get(applied_at=None)
    page = browser.get(f"{INDEX}{rest.pk}/")
    errors = browser.get(f"{INDEX}{rest.pk}/", {"export": "csv"}).content.decode()

    assert f'href="{INDEX}{rest.pk}/"' in text_of(browser.get(INDEX))
    assert '"3";"Mail"' in errors
    assert "zoe@x.fr" not in bytes(rest.content or b"").decode()
    assert "ligne 3" in text_of(page)


def test_rows_that_were_set_aside_are_taken_back(browser):
    page = send(browser, upload(browser, BAD), set_aside="")

    page = send(browser, page, take_back="")

    assert "À corriger" in text_of(page)
    assert 'name="apply"' not in text_of(page)


def test_a_sheet_that_is_imported_already_is_not_named(browser):
    one, two = [["nom", "mail"], ["A", "a@x.fr"]], [["nom", "mail"], ["B", "b@x.fr"]]
    send(browser, upload(browser, as_xlsx(("TD2", two)), "b.xlsx"), apply="")

    page = upload(browser, as_xlsx(("TD1", one), ("TD2", two)), "a.xlsx")

    assert page.context["table"].sheet == "TD1"
    assert (page.context["lost_count"], page.context["in_file"]) == (0, 1)


@pytest.mark.parametrize("kind", ["students", "teams"])
def test_a_name_and_an_address_of_a_form_are_one_person(edition, kind):
    rows = [
        ["Nom de l’équipe", "Membre 1 : NOM Prénom", "Membre 1 : mail universitaire"],
        ["Élans", "DURAND Zoé", "zoe@x.fr"],
    ]
    rows[0] += ["Équipier·ère 2", "Équipier·ère 2 : adresse IUT (mail)"]
    rows[1] += ["LE GOFF Anne", "anne@x.fr"]

    assert summary.in_file(plan_of(edition, kind, rows)) == 2


def test_who_is_set_aside_is_counted(edition):
    rows = [["Équipe", "Dept", "Membres"], ["X", "INFO", "a@x.fr"], ["Y", "MMI", "b@x.fr, c@x.fr"]]

    plan = plan_of(edition, "teams", rows, aside={3: "Dept : MMI"})

    assert (plan.problems, plan.people, summary.in_file(plan)) == ([], 1, 3)
    assert {one.person: one.reason for one in plan.left_out} == {
        "b@x.fr": LeftOutReason.ASIDE,
        "c@x.fr": LeftOutReason.ASIDE,
    }
    assert plan.lost == []


def test_errors_of_columns_cannot_be_set_aside(browser):
    text = text_of(upload(browser, b"nom;prenom\nA;B\n"))

    assert "À corriger" in text
    assert 'name="set_aside"' not in text


def test_a_preview_of_teams_names_who_has_an_account(browser, info):
    send(browser, upload(browser, b"nom;mail\nDurand;a@x.fr\nPetit;b@x.fr\n"), apply="")

    page = upload(browser, "équipe;dept;membres\nX;INFO;a@x.fr, b@x.fr\n".encode(), kind="teams")

    teams = [(c.who, c.after) for c in page.context["page"][0].changes if c.label == "équipe"]
    assert teams == [("Durand", "X"), ("Petit", "X")]
    assert "<b>Durand</b>" in text_of(page)
