import html
import re
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.event.imports.models import ColumnMapping, Import
from hackathon.event.imports.periodic import forget_drafts
from teams.models import Student, Team
from tests.conftest import NOON, make_user
from tests.imports.conftest import INDEX, ZOE, places, send, state, text_of, upload
from tests.imports.files import PLAIN, SCODOC, Rows, as_csv, as_xlsx

pytestmark = [pytest.mark.usefixtures("edition", "info", "infocom")]


def changes_of(page: Any) -> list[tuple[str, str]]:
    """Of the first row: what will be written."""
    return [(str(change.label), change.after) for change in page.context["page"][0].changes]


def test_from_a_file_to_students_in_three_pages(browser):
    page = upload(browser, as_csv(SCODOC, ";", "windows-1252"))

    text = text_of(page)
    assert page.redirect_chain == [(f"{INDEX}{Import.objects.get().pk}/", 302)]
    assert "zoe.durand@etu.example.org" in text
    assert "donnée personnelle, laissée de côté" in text
    assert "0A1" not in text
    assert b"0A1" not in bytes(Import.objects.get().content or b"")
    assert not Student.objects.exists()

    page = send(browser, page, apply="")

    done = Import.objects.get()
    assert "Nouvelles : 3, modifiées : 0. Personne n’a reçu de mail." in text_of(page)
    assert Student.objects.count() == 3
    assert (done.content, done.filename, done.counts["created"]) == (None, "liste.csv", 3)


def test_the_preview_shows_before_and_after(browser):
    send(browser, upload(browser, as_csv(PLAIN)), apply="")

    page = text_of(
        upload(browser, b"nom;mail;groupe\nZo\xc3\xa9 Durand;zoe.durand@etu.example.org;TD9\n")
    )

    assert "<s>TD1</s> → TD9" in page
    assert re.search(r"ligne 2 <br><span[^>]*>Zoé Durand</span></th>", page)


def test_the_preview_shows_the_department_of_a_new_team(browser, info):
    page = upload(browser, b"equipe;salle\nLes Elans;208\n", kind="teams", department=str(info.pk))

    assert changes_of(page) == [("département", str(info)), ("salle", "208")]


def test_the_preview_shows_what_a_new_juror_will_be(browser, info):
    content = "mail;jury;qualité;président\nada@x.fr;INFO;client;oui\n".encode()
    page = upload(browser, content, kind="jurors")

    assert changes_of(page) == [
        ("adresse e-mail", "ada@x.fr"),
        ("jury", info.name),
        ("qualité", "client"),
        ("préside le jury", "oui"),
    ]


def test_many_new_rows_are_on_several_pages(browser):
    rows = [["mail"], *([f"a{number}@x.fr"] for number in range(80))]

    first = upload(browser, as_csv(rows))
    second = browser.get(first.redirect_chain[0][0], {"page": "2"})

    assert ("a49@x.fr" in text_of(first), "a50@x.fr" in text_of(first)) == (True, False)
    assert "page 1 sur 2" in text_of(first)
    assert ("a49@x.fr" in text_of(second), "a79@x.fr" in text_of(second)) == (False, True)
    send(browser, second, apply="")
    assert Student.objects.count() == 80


def test_what_is_only_new_is_folded_and_columns_if_they_ask_for_nothing(browser):
    first = upload(browser, as_csv(PLAIN))
    send(browser, first, apply="")

    content = f"mail;groupe;fétiche\n{ZOE};TD9;x\na@x.fr;TD9;y\n".encode()
    second = upload(browser, content)

    assert [len(first.context[name]) for name in ("changed", "new")] == [0, 3]
    assert 'id="columns">' in text_of(first)
    assert [row.row for row in second.context["changed"]] == [2]
    assert [row.row for row in second.context["new"]] == [3]
    assert '<details class="more"> <summary> 1 nouvelle ligne' in text_of(second)
    assert 'id="columns" open>' in text_of(second)  # « fétiche » is unknown


def test_errors_have_row_column_and_reason_and_no_button(browser):
    before = state()
    page = upload(browser, b"nom;mail\nA;a@x.fr\nB;zoe@\n")

    text = text_of(page)
    assert "ligne 3" in text
    assert "« zoe@ » n’est pas une adresse e-mail" in text
    assert 'name="apply"' not in text
    send(browser, page, apply="")
    assert state() == before


def test_of_many_errors_the_first_are_shown_and_all_are_in_a_file(browser):
    rows = [["mail"], *([f"a{number}@"] for number in range(230))]

    page = upload(browser, as_csv(rows))
    text = text_of(page)
    file = browser.get(page.redirect_chain[0][0], {"export": "csv"}).content.decode("utf-8-sig")

    assert "« a199@ »" in text
    assert "« a200@ »" not in text
    assert "et 30 autres erreurs, qui sont dans la liste à exporter" in text
    assert file.startswith('"Ligne";"Colonne";"Ce qui ne va pas"')
    assert len(file.splitlines()) == 231
    assert "« a229@ »" in file.replace("\u00a0", " ")


def test_a_team_without_department_is_an_error_until_one_is_chosen(browser, info):
    content = f"nom;mail;equipe;salle\nZoé Durand;{ZOE};Les Élans;208\n".encode()
    page = upload(browser, content)
    assert "De quel département ?" in text_of(page)
    assert "choisissez-le plus bas" in text_of(page)

    page = send(browser, page, department=str(info.pk), refresh="")
    assert "De quel département ?" not in text_of(page)
    send(browser, page, apply="")

    assert places() == {ZOE: ("Les Élans", True)}
    assert Team.objects.get().room == "208"


def test_cells_are_pasted(browser):
    pasted = "nom\tmail\r\nZoé Durand\tzoe@x.fr\r\n"
    page = browser.post(INDEX, {"kind": "students", "pasted": pasted}, follow=True)

    assert "cellules collées" in text_of(page)
    send(browser, page, apply="")
    assert User.objects.get(email="zoe@x.fr").name == "Zoé Durand"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choisissez un fichier, ou collez des cellules."),
        ({"pasted": 'mail\n"a@x.fr\n'}, "Un guillemet ouvert n’est jamais fermé"),
        ({"file": SimpleUploadedFile("x.pdf", b"%PDF\x00")}, "n’est pas un tableau lisible"),
    ],
)
def test_what_cannot_be_read_is_refused_on_the_form(browser, data, message):
    response = browser.post(INDEX, {"kind": "students", **data})

    assert response.status_code == 422
    assert message in text_of(response)
    assert not Import.objects.exists()


def test_an_unknown_column_is_mapped_and_remembered(browser, edition):
    content = "Fétiche;mail\nTD7;zoe@x.fr\n".encode()
    page = upload(browser, content)
    assert "inconnue, laissée de côté" in text_of(page)

    page = send(browser, page, column_0="group", refresh="")
    assert "TD7" in text_of(page)
    send(browser, page, apply="")

    assert Student.objects.get().group == "TD7"
    assert ColumnMapping.objects.get().title == "fetiche"
    assert "inconnue" not in text_of(upload(browser, content.replace(b"TD7", b"TD8")))


def test_a_sheet_is_chosen(browser):
    page = upload(browser, as_xlsx(("Notes", [("x",), ("y",)]), ("Élèves", PLAIN)), "a.xlsx")

    page = send(browser, page, sheet="Élèves")
    send(browser, page, apply="")

    assert Student.objects.count() == 3


def test_the_page_of_a_jury_leads_to_its_import(browser, info):
    jury = text_of(browser.get(f"/organisation/departements/{info.pk}/jury/"))
    (link,) = re.findall(rf'href="({INDEX}[^"]*)"', jury)

    form = browser.get(html.unescape(link)).context["form"]

    assert (form["kind"].value(), form["department"].value()) == ("jurors", str(info.pk))
    assert browser.get(INDEX, {"kind": "x", "department": "x"}).status_code == 200


def test_what_changed_meanwhile_is_shown_first(browser):
    page = upload(browser, as_csv(PLAIN))
    make_user("zoe.durand@etu.example.org")

    page = send(browser, page, apply="")

    assert "Ce qui sera fait a changé." in text_of(page)
    assert not Team.objects.exists()


def test_undo_from_the_list_first_says_what_it_deletes(browser):
    before = state()
    send(browser, upload(browser, as_csv(PLAIN)), apply="")
    imported = state()
    url = reverse("imports:undo", args=["ccd-2020", Import.objects.get().pk])

    listed = browser.get(INDEX)
    asked = browser.get(url)

    assert f'href="{url}"' in text_of(listed)
    assert f'action="{url}"' not in text_of(listed)
    assert re.findall(r"À supprimer : (.+?)</dt><dd class=\"num\">(\d+)", text_of(asked)) == [
        *(("comptes", "3"), ("étudiants", "3"), ("équipes", "2"), ("membres", "3"))
    ]
    assert "Annuler cette importation" in text_of(asked)
    assert state() == imported

    page = browser.post(url, follow=True)

    assert "tout est comme avant" in text_of(page)
    assert state() == before
    assert "annulée" in text_of(page)


def test_an_undo_that_is_refused_says_so_before_the_button(browser):
    send(browser, upload(browser, as_csv(PLAIN)), apply="")
    Student.objects.filter(user__email=ZOE).update(group="TD9")

    page = browser.get(reverse("imports:undo", args=["ccd-2020", Import.objects.get().pk]))

    refused = "On ne peut plus annuler : depuis, quelqu’un s’en est servi (étudiant Zoé Durand)."
    assert refused in text_of(page)
    assert "Annuler cette importation" not in text_of(page)


def test_an_undo_says_what_becomes_as_before(browser):
    send(browser, upload(browser, as_csv(PLAIN)), apply="")
    send(browser, upload(browser, f"mail;groupe\n{ZOE};TD9\n".encode()), apply="")

    page = browser.get(reverse("imports:undo", args=["ccd-2020", Import.objects.first().pk]))  # type: ignore[union-attr]

    assert 'À remettre comme avant : étudiants</dt><dd class="num">1' in text_of(page)
    assert "À supprimer" not in text_of(page)


def test_a_file_that_changes_nothing_says_so(browser):
    send(browser, upload(browser, as_csv(PLAIN)), apply="")

    page = send(browser, upload(browser, as_csv(PLAIN)), apply="")

    assert "Il n’y avait rien à changer." in text_of(page)
    assert Import.objects.count() == 1


def test_a_draft_is_seen_in_its_edition_only_and_forgotten(browser, eve):
    with time_machine.travel(NOON, tick=False):
        upload(browser, as_csv(PLAIN))
        draft = Import.objects.get()
        other = Edition.objects.get()
        other.pk, other.slug, other.is_current = None, "ccd-2021", False
        other.save()
        other.organizers.add(eve)

        elsewhere = browser.get(reverse("imports:preview", args=["ccd-2021", draft.pk]))
        forget_drafts()
        kept = Import.objects.count()
    with time_machine.travel(NOON.replace(day=15), tick=False):
        forget_drafts()

    assert elsewhere.status_code == 404
    assert (kept, Import.objects.count()) == (1, 0)


@pytest.mark.parametrize("count", [1, 60])
def test_a_preview_needs_the_same_number_of_queries(browser, count, django_assert_max_num_queries):
    rows: Rows = [("nom", "mail", "equipe", "departement")]
    rows = [*rows, *((f"Nom{n}", f"{n}@x.fr", f"E{n}", "INFO") for n in range(count))]
    page = upload(browser, as_csv(rows))

    with django_assert_max_num_queries(22):
        browser.get(page.request["PATH_INFO"])


def test_a_clone_keeps_the_mappings(browser, eve, edition):
    from hackathon.event.editions.services import editions

    page = send(browser, upload(browser, b"Truc;mail\nTD7;zoe@x.fr\n"), column_0="group")
    send(browser, page, apply="")

    clone = editions.clone(
        source=edition,
        slug="ccd-2021",
        name="2021",
        starts_at=NOON.replace(year=2021),
        by=eve,
        at=NOON,
    )

    assert ColumnMapping.objects.get(edition=clone).field == "group"
