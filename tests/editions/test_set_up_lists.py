"""The lists of set-up pages as files."""

import csv
import io

from django.test import Client
from django.urls import reverse

from hackathon.day.questions.models import CannedAnswer
from hackathon.event.editions.models import Edition, Milestone
from hackathon.event.imports.models import Import
from tests.conftest import NOON


def rows_of(browser: Client, edition: Edition, name: str) -> list[list[str]]:
    address = reverse(name, args=[edition.slug])
    assert 'href="?export=csv"' in browser.get(address).content.decode()
    file = browser.get(address, {"export": "csv"})
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))


def test_the_instants_of_the_day_are_exported(edition, eve, client_of):
    Milestone.objects.create(edition=edition, label="=Pizzas", at=NOON, kind="meal")

    rows = rows_of(client_of(eve), edition, "editions:milestones")

    assert rows[0] == ["Quand", "Quoi", "Départements"]
    assert [row[1] for row in rows[3:6]] == ["Lancement", "'=Pizzas", "Heure limite"]


def test_canned_answers_are_exported(edition, eve, client_of):
    CannedAnswer.objects.create(edition=edition, text="Lisez le sujet ; section 2")

    rows = rows_of(client_of(eve), edition, "questions:canned")

    assert rows == [["Réponse"], ["Lisez le sujet ; section 2"]]


def test_imports_are_exported(edition, eve, client_of):
    Import.objects.create(edition=edition, kind="rooms", uploaded_at=NOON)  # not applied
    Import.objects.create(
        edition=edition,
        kind="students",
        filename="liste.csv",
        by=eve,
        uploaded_at=NOON,
        applied_at=NOON,
        counts={"created": 3, "updated": 1},
    )

    rows = rows_of(client_of(eve), edition, "imports:index")

    assert [row[:4] + row[5:] for row in rows[1:]] == [
        ["étudiants", "liste.csv", "3", "1", "Eve", ""]
    ]
