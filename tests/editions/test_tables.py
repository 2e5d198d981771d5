"""Briefs, deliverables and criteria of all departments as tables, and copies between them."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.services import briefs
from judging.models import Criterion, Score, ScoreSheet
from submissions.models import Deliverable
from tests.conftest import NOON
from tests.database import empty_journal

pytestmark = pytest.mark.time_machine(NOON, tick=False)

DELIVERABLES = "submissions:deliverables-table"
CRITERIA = "judging:criteria-table"
BRIEFS = "editions:brief-table"


class Table:
    """The page as a browser shows and sends it."""

    def __init__(self, browser: Client, edition: Edition, name: str) -> None:
        self.browser, self.loads = browser, 0
        self.url = reverse(name, args=[edition.slug])
        self.read(browser.get(self.url))

    def read(self, answer: HttpResponse) -> str:
        self.loads += 1
        self.text = unescape(answer.content.decode())
        form = re.findall(r'<form method="post" class="stack is-loose".*?</form>', self.text, re.S)
        self.fields = _fields(form[0]) if form else {}
        return self.text

    def send(self, button: str = "save", **changed: Any) -> str:
        data = {**self.fields, **changed, button: "1"}
        data = {name: value for name, value in data.items() if value is not None}
        return self.read(self.browser.post(self.url, data, follow=True))


def _fields(form: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind, name = re.search(r'type="(\w+)', tag), re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and kind and (kind[1] not in ("checkbox", "radio") or " checked" in tag):
            found[name[1]] = value[1] if value else "on" if kind[1] == "checkbox" else ""
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S
    ):
        found[name] = text.replace("\r", "").replace("\n", "\r\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        found[name] = (chosen or first or [""] * 2)[1]
    return found


def error_at(text: str, cell: str) -> str:
    found = re.search(rf'<div id="id_{cell}_error">(.*?)</div>', text, re.S)
    return found[1].replace("\xa0", " ") if found else ""


@pytest.fixture
def departments(edition, infocom, info) -> list[Department]:
    others = [
        Department.objects.create(edition=edition, code=code, name=code, position=position)
        for position, code in enumerate(["GEA", "TC", "CJ"], start=3)
    ]
    return [infocom, info, *others]


def test_an_own_deadline_and_the_deck_stand_in_the_table_of_deliverables(
    edition, departments, eve, client_of
):
    table, row = Table(client_of(eve), edition, DELIVERABLES), f"d{departments[0].pk}-0"
    own = {f"{row}-due_at": "2020-02-13T18:00:00", f"{row}-is_deck": "on"}

    table.send(**{f"{row}-name": "Code"}, **own)
    first = Deliverable.objects.get()
    Deliverable.objects.update(has_grace=False)
    asked = table.send(**{f"{row}-due_at": ""})
    before = Deliverable.objects.get().due_at
    table.send()

    deliverable = Deliverable.objects.get()
    assert first.is_deck
    assert (first.due_at, before) == (NOON + timedelta(hours=5), first.due_at)
    assert "Code · INFOCOM" in asked
    # The edition's deadline comes with the edition's grace.
    assert (deliverable.due_at, deliverable.has_grace) == (None, True)


def test_one_table_is_open(edition, departments, eve, client_of):
    table, row = Table(client_of(eve), edition, DELIVERABLES), f"d{departments[1].pk}-0"
    opened = tables(table.text)

    table.send(**{f"{row}-name": "Code", f"{row}-max_megabytes": "beaucoup"})

    assert opened == [["name=", "open"], *[["name="]] * 4]
    assert tables(table.text) == [[], ["open"], [], [], []]


def tables(page: str) -> list[list[str]]:
    """Without the last one, which copies."""
    details = re.findall(r'<details class="card more"(.*?)>', page, re.DOTALL)
    return [re.findall(r"name=|\bopen\b", attributes) for attributes in details[:-1]]


def test_twenty_deliverables_and_twenty_five_criteria_take_four_page_loads(
    edition, departments, eve, client_of
):
    first, *others = departments
    copied = {"copy-source": first.pk, "copy-targets": [d.pk for d in others]}
    rows: dict[str, Any] = {}
    for index in range(4):
        rows[f"d{first.pk}-{index}-name"] = f"Livrable {index}"
        rows[f"d{first.pk}-{index}-formats"] = ".PDF zip"
    deliverables = Table(client_of(eve), edition, DELIVERABLES)
    deliverables.send("copy", **rows, **copied)

    criteria = Table(client_of(eve), edition, CRITERIA)
    own = {
        f"d{d.pk}-{index}-{name}": value
        for d in departments
        for index in range(5)
        for name, value in (("name", f"{d.code} {index}"), ("weight", index + 1))
    }
    criteria.send(**own)

    assert Deliverable.objects.count() == 20
    assert Criterion.objects.count() == 25
    assert deliverables.loads + criteria.loads == 4
    gea = Deliverable.objects.filter(department__code="GEA")
    assert [(d.name, d.formats, d.required, d.position) for d in gea][:2] == [
        ("Livrable 0", ["pdf", "zip"], True, 1),
        ("Livrable 1", ["pdf", "zip"], True, 2),
    ]
    weights = Criterion.objects.filter(department__code="TC").values_list("weight", flat=True)
    assert list(weights) == [1, 2, 3, 4, 5]
    acts = JournalEntry.objects.filter(by=eve).values_list("act", flat=True)
    assert (acts.filter(act="deliverable.added").count(), len(acts)) == (20, 45)


def rows_of(browser: Client, edition: Edition, name: str) -> list[list[str]]:
    file = browser.get(reverse(name, args=[edition.slug]), {"export": "csv"})
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))


def test_the_tables_are_exported(edition, departments, eve, client_of):
    infocom, browser = departments[0], client_of(eve)
    Deliverable.objects.create(department=infocom, name="=1+1", kind="file", formats=["pdf", "zip"])
    Criterion.objects.create(department=infocom, name="Soin", weight=2, scale=10)
    Brief.objects.create(department=infocom, title="Marché", body="Un\nDeux", published_at=NOON)

    deliverables = rows_of(browser, edition, DELIVERABLES)
    criteria = rows_of(browser, edition, CRITERIA)
    briefs = rows_of(browser, edition, BRIEFS)

    assert deliverables[0][:4] == ["Département", "Nom", "Nature", "Formats"]
    assert deliverables[1][:4] == ["INFOCOM", "'=1+1", "fichier", "pdf, zip"]
    assert deliverables[1][7] == "oui"
    assert criteria[1:] == [["INFOCOM", "Soin", "2", "10", ""]]
    assert briefs[1:] == [["INFOCOM", "Marché", "2020-02-13 13:00:00", "Un\nDeux"]]


def test_errors_stand_at_their_cell_and_nothing_is_lost_or_written(
    edition, infocom, info, dossier, eve, client_of
):
    table = Table(client_of(eve), edition, DELIVERABLES)

    text = table.send(
        **{
            f"d{infocom.pk}-0-name": "Dossier nouveau",
            f"d{infocom.pk}-1-formats": "p?f",
            f"d{info.pk}-0-name": "Maquette",
            f"d{info.pk}-0-max_megabytes": "beaucoup",
        }
    )

    assert Deliverable.objects.get().name == "Dossier de stratégie"
    assert not JournalEntry.objects.exists()
    for cell, error in [
        (f"d{infocom.pk}-1-name", "obligatoire"),
        (f"d{infocom.pk}-1-formats", "« p?f » n’est pas une extension"),
        (f"d{info.pk}-0-max_megabytes", "Saisissez un nombre"),
    ]:
        assert error in error_at(text, cell)
    assert table.fields[f"d{infocom.pk}-0-name"] == "Dossier nouveau"
    assert table.fields[f"d{info.pk}-0-max_megabytes"] == "beaucoup"

    table.send(**{f"d{infocom.pk}-1-formats": "", f"d{info.pk}-0-max_megabytes": "50"})
    names = Deliverable.objects.order_by("pk").values_list("name", "max_bytes")
    assert list(names) == [("Dossier nouveau", 5_000_000), ("Maquette", 50_000_000)]


@pytest.mark.database
def test_a_refusal_stands_at_its_cell_and_undoes_the_other_rows(
    world, edition, infocom, dossier, eve, client_of
):
    """A team has handed in the dossier: its kind stays, and it cannot be deleted."""
    added = {f"d{infocom.pk}-1-name": "Affiche"}
    kind = Table(client_of(eve), edition, DELIVERABLES)
    kind.send(**added, **{f"d{infocom.pk}-0-kind": "text"})
    deleted = Table(client_of(eve), edition, DELIVERABLES)
    deleted.send(**added, **{f"d{infocom.pk}-0-DELETE": "on"})

    for table, cell in ((kind, "kind"), (deleted, "DELETE")):
        assert "field-error" in error_at(table.text, f"d{infocom.pk}-0-{cell}")
        assert table.fields[f"d{infocom.pk}-1-name"] == "Affiche"
    assert Deliverable.objects.get() == dossier


@pytest.mark.database
def test_two_organizers_at_once_lose_nothing(edition, infocom, dossier, site_link, eve, client_of):
    """Each keeps what the other has written since; a row deleted in between comes back."""
    one, two = (Table(client_of(eve), edition, DELIVERABLES) for _ in range(2))
    first, second = f"d{infocom.pk}-0-", f"d{infocom.pk}-1-"

    one.send(**{first + "name": "Dossier", second + "DELETE": "on"})
    two.send(**{first + "max_megabytes": "7", second + "name": "Site"})

    rows = Deliverable.objects.values_list("name", "kind", "max_bytes")
    assert list(rows) == [("Dossier", "file", 7_000_000), ("Site", "link", 100_000_000)]


def test_what_exists_already_is_listed_and_left(
    edition, infocom, info, dossier, site_link, eve, client_of
):
    kept = Deliverable.objects.create(
        department=info, name="DOSSIER de stratégie", kind="text", position=1
    )
    table = Table(client_of(eve), edition, DELIVERABLES)
    copied = {"copy-source": infocom.pk, "copy-targets": [info.pk, infocom.pk]}

    text = table.send("copy", **copied)
    nobody = table.send("copy", **{"copy-source": infocom.pk})

    own = info.deliverables.values_list("name", "kind")
    assert list(own) == [(kept.name, "text"), ("Site vitrine", "link")]
    assert "Informatique : ajouté : Site vitrine." in text.replace("\xa0", " ")
    assert "reste comme avant : Dossier de stratégie." in text.replace("\xa0", " ")
    assert infocom.deliverables.count() == 2
    assert "Choisissez au moins un département." in nobody


def test_what_is_over_already_is_named_and_not_copied(
    edition, infocom, info, dossier, site_link, eve, client_of
):
    Deliverable.objects.filter(pk=dossier.pk).update(due_at=NOON - timedelta(hours=1))
    table = Table(client_of(eve), edition, DELIVERABLES)

    text = table.send("copy", **{"copy-source": infocom.pk, "copy-targets": [info.pk]})

    assert [one.name for one in info.deliverables.all()] == [site_link.name]
    assert f"donc pas copié : {dossier.name}." in text.replace("\xa0", " ")


def test_criteria_do_not_change_once_scoring_has_begun(
    edition, infocom, info, criteria, comunik, dan, eve, client_of
):
    opened_before = Table(client_of(eve), edition, CRITERIA)
    sheet = ScoreSheet.objects.create(juror=dan, team=comunik, changed_at=NOON)
    Score.objects.create(sheet=sheet, criterion=criteria[0], value=12, changed_at=NOON)
    Criterion.objects.create(department=info, name="Code", position=1)

    late = opened_before.send(**{f"d{infocom.pk}-0-name": "Tout autre"})
    table = Table(client_of(eve), edition, CRITERIA)
    copied = table.send("copy", **{"copy-source": info.pk, "copy-targets": [infocom.pk]})

    assert opened_before.fields[f"d{infocom.pk}-0-name"] == "Tout autre"
    assert "field-error" in late
    assert "La notation a commencé : les critères ne changent plus ici." in table.text.replace(
        "\xa0", " "
    )
    assert "is-error" in copied
    assert infocom.criteria.count() == 2
    assert infocom.criteria.first() == criteria[0]


def test_briefs_are_written_as_a_table_and_copied_with_their_attachments(
    edition, infocom, info, brief, eve, client_of
):
    briefs.attach(brief=brief, file=received_file(b"%PDF-1.4 x", "plan.pdf"), by=eve, at=NOON)
    gea = Department.objects.create(edition=edition, code="GEA", name="GEA", position=3)
    Brief.objects.create(
        department=gea, title="À part", body="a\nb", published_at=NOON + timedelta(hours=1)
    )
    empty_journal()
    table = Table(client_of(eve), edition, BRIEFS)

    copies = {"copy-source": infocom.pk, "copy-targets": [info.pk, gea.pk]}
    asked = table.send("copy", **{f"d{infocom.pk}-0-title": "Nouveaux producteurs"}, **copies)
    assert not Brief.objects.filter(department=info).exists()
    text = table.send("copy", **copies)

    assert "cette heure est passée. Le sujet paraît aussitôt, pour 0 étudiant" in asked
    copied = Brief.objects.get(department=info)
    assert (copied.title, copied.body) == ("Nouveaux producteurs", brief.body)
    assert copied.published_at == brief.published_at
    (attachment,) = copied.attachments.all()
    assert attachment.file.read() == b"%PDF-1.4 x"
    attachment.file.close()
    assert attachment.file.name != brief.attachments.get().file.name
    apart = Brief.objects.get(department=gea)
    assert (apart.title, apart.body) == ("À part", "a\nb")
    assert [own.filename for own in apart.attachments.all()] == ["plan.pdf"]
    assert "GEA : ajouté : plan.pdf." in text.replace("\xa0", " ")
    assert "reste comme avant : À part" in text.replace("\xa0", " ")
    acts = list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["brief.written", "brief.written", "brief.attached", "brief.attached"]


def test_attachments_are_chosen_in_the_table(
    edition, infocom, info, brief, eve, client_of, monkeypatch
):
    monkeypatch.setattr("hackathon.event.editions.rules.ATTACHMENT_MAX_BYTES", 8)
    table = Table(client_of(eve), edition, BRIEFS)
    files = [SimpleUploadedFile(name, b"%PDF-1.4") for name in ("a.pdf", "b.pdf")]
    name = f"d{info.pk}-0"
    named = {f"{name}-title": "GEA", f"{name}-body": "a"}
    named[f"{name}-published_at"] = "2020-02-13T20:00:00"
    large = SimpleUploadedFile("x.pdf", b"%PDF-1.4 x")

    refused = table.send(**named, **{f"{name}-attachments": large})
    table.send(**named, **{f"{name}-attachments": files})
    table.send(**{f"d{infocom.pk}-0-attachments": SimpleUploadedFile("c.pdf", b"%PDF-1.4")})

    assert "field-error" in refused
    kept = Brief.objects.get(department=info).attachments.values_list("filename", flat=True)
    assert sorted(kept) == ["a.pdf", "b.pdf"]
    assert [own.filename for own in brief.attachments.all()] == ["c.pdf"]
    assert "jointes" not in table.browser.get(table.url, {"export": "csv"}).content.decode()


def test_an_attachment_goes_to_the_briefs_that_lack_it_and_to_none_twice(
    edition, infocom, info, brief, eve, client_of
):
    other = Brief.objects.create(
        department=info, title="À part", body="a", published_at=NOON + timedelta(hours=1)
    )
    briefs.attach(brief=other, file=received_file(b"%PDF-1.4 own", "own.pdf"), by=eve, at=NOON)
    briefs.attach(brief=brief, file=received_file(b"%PDF-1.4 all", "all.pdf"), by=eve, at=NOON)
    table = Table(client_of(eve), edition, BRIEFS)
    copied = {"copy-source": infocom.pk, "copy-targets": [info.pk]}

    table.send("copy", **copied)
    again = table.send("copy", **copied)

    kept = other.attachments.order_by("position").values_list("filename", "position")
    assert list(kept) == [("own.pdf", 1), ("all.pdf", 2)]
    assert "Informatique : ajouté : rien." in again.replace("\xa0", " ")


def test_a_department_that_was_added_in_between_hinders_nobody(edition, infocom, eve, client_of):
    table = Table(client_of(eve), edition, DELIVERABLES)
    Department.objects.create(edition=edition, code="GEA", name="GEA", position=3)

    text = table.send(**{f"d{infocom.pk}-0-name": "Affiche"})
    forged = table.browser.post(
        table.url, {**table.fields, f"d{infocom.pk}-0-seen": "x", "save": "1"}
    )

    assert Deliverable.objects.get().name == "Affiche"
    assert "GEA" in text
    assert forged.status_code == 400


@pytest.mark.parametrize("name", [BRIEFS, DELIVERABLES, CRITERIA])
def test_a_table_has_the_same_number_of_queries_for_one_department_and_five(
    name, edition, infocom, eve, client_of, django_assert_max_num_queries, request
):
    browser, counts = client_of(eve), []
    for _ in range(2):
        with django_assert_max_num_queries(40) as captured:
            browser.get(reverse(name, args=[edition.slug]))
        counts.append(len(captured))
        request.getfixturevalue("departments")
        request.getfixturevalue("criteria")
        request.getfixturevalue("dossier")

    assert counts[0] == counts[1]
