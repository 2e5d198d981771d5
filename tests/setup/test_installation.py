import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.event.setup.errors import SetupRefusal
from hackathon.event.setup.middleware import FirstRun
from hackathon.event.setup.models import SetupCode
from hackathon.event.setup.services import installation
from hackathon.run.operations.backup.database import first_filled_table
from tests.conftest import NOON
from tests.refusals import refuses

PAGE = "/installation/"
TYPED = {
    "person": "Eve Organisation",
    "email": "Eve@example.org",
    "password": "une-longue-phrase",
    "name": "Crazy Charly Day 2021",
    "day": "2021-02-11",
    "school": "IUT",
    "client": "GRAAL",
    "timezone": "Europe/Paris",
    "usual_milestones": "on",
}


@pytest.fixture(autouse=True)
def _empty_site(db, _installed, monkeypatch) -> Any:
    monkeypatch.setattr(FirstRun, "is_installed", False)
    with time_machine.travel(NOON, tick=False):
        yield


def printed() -> str:
    output = StringIO()
    call_command("setup-code", stdout=output)
    return output.getvalue()


def code() -> str:
    found = re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", printed())
    assert found
    return found[0]


@pytest.mark.parametrize("path", ["/", "/organisation/", "/compte/connexion/", "/nowhere/"])
def test_wherever_one_lands_an_empty_site_asks_to_be_set_up(path, client):
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_an_empty_site_still_answers_other_programs(client):
    assert client.get(reverse("api:schema")).status_code == 200


def test_the_first_organizer_and_edition_are_made_in_two_pages(client):
    User.objects.create_user("student@example.org")
    assert "Code d’installation" in client.get(PAGE).content.decode()

    answer = client.post(PAGE, {**TYPED, "code": code().lower()}, follow=True)

    user, edition = User.objects.get(is_superuser=True), Edition.objects.get()
    assert (user.email, user.name, user.check_password(TYPED["password"])) == (
        "eve@example.org",
        "Eve Organisation",
        True,
    )
    assert (edition.client, edition.state, edition.is_current) == ("GRAAL", "draft", False)
    assert list(edition.organizers.all()) == [user]
    assert answer.redirect_chain == [(reverse("setup:edition", args=[edition.slug]), 302)]
    assert "Aucun département" in answer.content.decode()
    assert {e.act for e in JournalEntry.objects.filter(by=user)} >= {
        "administrator.made",
        "edition.created",
        "installation.made",
    }
    home = Client().get("/").content.decode()
    assert "Rien n’est encore annoncé" in home
    assert "Crazy Charly Day 2021" not in home
    start = client.get("/accueil/", follow=True)
    assert start.redirect_chain[-1][0] == reverse("editions:list")
    assert "brouillon" in start.content.decode()


@pytest.mark.database
def test_the_code_works_only_once(client):
    right = code()
    client.post(PAGE, {**TYPED, "code": right})

    again = {"email": "mallory@example.org", "person": "M", "password": TYPED["password"]}
    with refuses(SetupRefusal.INSTALLED):
        installation.install(code=right, at=NOON, **again)

    assert Client().get(PAGE).status_code == Client().post(PAGE, TYPED).status_code == 404
    assert not SetupCode.objects.exists()
    assert "set up already" in printed()
    assert User.objects.filter(is_superuser=True).count() == 1


def test_a_superuser_makes_the_code_worthless(root):
    digest = "0" * 64
    SetupCode.objects.create(pk=1, digest=digest, made_at=NOON)

    with refuses(SetupRefusal.INSTALLED):
        installation.install(code="x", email="m@x.org", person="M", password="x" * 12, at=NOON)

    assert installation.make_code(at=NOON) is None


def test_a_wrong_code_changes_nothing_and_keeps_what_was_typed(client):
    former = code()
    code()

    answer = client.post(PAGE, {**TYPED, "code": former})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ce n’est pas le dernier code donné" in page
    assert 'value="Eve Organisation"' in page
    assert TYPED["password"] not in page
    assert not User.objects.exists()
    assert not Edition.objects.exists()


def test_codes_are_stored_hashed_and_leave_the_site_empty_for_a_backup():
    plain = code()

    assert plain not in str(SetupCode.objects.values().get())
    assert first_filled_table() is None


def test_attempts_are_limited_for_each_code(client):
    code()
    pages = [client.post(PAGE, {**TYPED, "code": "wrong"}).content.decode() for _ in range(11)]
    assert "Ce n’est pas le dernier code donné" in pages[9]
    assert "Trop d’essais" in pages[10]

    client.post(PAGE, {**TYPED, "code": code()})

    assert Edition.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("day", "2020-01-01", "déjà passé"),
        ("day", "2020-02-12", "déjà passé"),
        ("password", "azertyuiop", "trop courant"),
        ("email", "eve", "adresse e-mail valide"),
        ("timezone", "Paris", "Fuseau inconnu"),
    ],
)
def test_bad_input_is_explained_and_leaves_the_code(field, typed, message, client):
    right = code()

    answer = client.post(PAGE, {**TYPED, "code": right, field: typed})

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not User.objects.exists()
    client.post(PAGE, {**TYPED, "code": right})
    assert Edition.objects.get().starts_at - NOON > timedelta(days=300)
