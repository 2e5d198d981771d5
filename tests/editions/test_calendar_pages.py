from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.core.typography import spaced
from hackathon.event.editions.models import Department, Edition, Milestone
from tests.conftest import DEADLINE, NOON
from tests.editions.pages import setup_url, url

pytestmark = pytest.mark.time_machine(NOON, tick=False)


def instants_of(edition: Edition, client: Client) -> dict[str, Any]:
    form = client.get(url("schedule")).context["form"]
    return {name: form[name].value() for name in form.fields} | {
        name: f"{getattr(edition, name).astimezone(edition.zone):%Y-%m-%dT%H:%M:%S}"
        for name in (
            "registration_opens_at",
            "registration_closes_at",
            "starts_at",
            "deadline_at",
            "judging_opens_at",
        )
    }


def test_the_calendar_moves_only_changed_instants(edition, eve, client_of):
    browser = client_of(eve)
    data = instants_of(edition, browser) | {"deadline_at": "2020-02-13T23:30:15"}

    asked = browser.post(url("schedule"), data)
    edition.refresh_from_db()
    before = edition.deadline_at
    answer = browser.post(url("schedule"), data | {"confirmed": asked.context["move"].key})

    edition.refresh_from_db()
    assert (asked.status_code, answer.status_code, before) == (200, 302, DEADLINE)
    assert edition.deadline_at == datetime(2020, 2, 13, 22, 30, 15, tzinfo=UTC)
    assert edition.judging_opens_at == DEADLINE + timedelta(minutes=40, seconds=15)


def test_the_calendar_asks_before_the_deadline_comes_earlier(edition, eve, client_of):
    browser = client_of(eve)
    data = instants_of(edition, browser) | {
        "deadline_at": "2020-02-13T22:00:00",
        "grace_seconds": "30",
    }

    asked = browser.post(url("schedule"), data)
    edition.refresh_from_db()
    before = (edition.deadline_at, edition.grace_seconds)
    key = asked.context["move"].key
    done = browser.post(url("schedule"), data | {"confirmed": key})

    edition.refresh_from_db()
    assert (asked.status_code, done.status_code) == (200, 302)
    assert "Avancer l’heure limite" in asked.content.decode()
    assert "Aucune équipe n’a plus rien à rendre." in asked.content.decode()
    assert before == (DEADLINE, 600)
    assert edition.deadline_at == DEADLINE - timedelta(hours=1)
    assert edition.grace_seconds == 30


def test_a_milestone_of_the_day_is_moved_after_a_preview_and_back(edition, eve, client_of):
    browser = client_of(eve)
    meal = Milestone.objects.create(edition=edition, kind="meal", label="Pizzas", at=NOON)
    page = reverse("editions:milestone", args=[edition.slug, meal.pk])
    data = {"kind": "meal", "label": "Pizzas", "milestone_at": "2020-02-13T19:00:00"}

    asked = browser.post(page, data)
    before = Milestone.objects.get().at
    done = browser.post(page, data | {"confirmed": asked.context["move"].key}, follow=True)

    assert "13:00 → 19:00" in " ".join(asked.content.decode().split())
    assert (before, Milestone.objects.get().at) == (NOON, NOON + timedelta(hours=6))
    undo = reverse("editions:move-undo", args=[edition.slug, done.context["undoable"].entry.pk])
    browser.post(undo)
    assert Milestone.objects.get().at == NOON


def test_before_the_day_the_calendar_does_not_ask(edition, eve, client_of):
    browser = client_of(eve)
    data = instants_of(edition, browser) | {"deadline_at": "2020-02-13T23:30:00"}

    with time_machine.travel(edition.starts_at - timedelta(days=1), tick=False):
        assert browser.post(url("schedule"), data).status_code == 302


def test_the_calendar_keeps_the_fraction_of_unchanged_instants(edition, eve, client_of):
    exact = edition.starts_at + timedelta(microseconds=123456)
    Edition.objects.filter(pk=edition.pk).update(starts_at=exact)
    browser = client_of(eve)
    data = instants_of(edition, browser) | {"grace_seconds": "30"}

    browser.post(url("schedule"), data)

    edition.refresh_from_db()
    assert (edition.starts_at, edition.grace_seconds) == (exact, 30)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"deadline_at": "2020-02-13T08:00:00"}, "doit venir après"),
        ({"deadline_at": "hier"}, "Saisissez une date et une heure valides"),
        ({"deadline_at": "0001-01-01T00:00"}, "Vérifiez l’année"),
        ({"grace_seconds": "-1"}, "supérieure ou égale"),
    ],
)
def test_an_impossible_calendar_is_refused(change, message, edition, eve, client_of):
    browser = client_of(eve)

    answer = browser.post(url("schedule"), instants_of(edition, browser) | change)

    edition.refresh_from_db()
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert edition.deadline_at == DEADLINE


def test_the_calendar_of_an_edition_is_in_its_own_time_zone(edition, eve, client_of):
    Edition.objects.update(timezone="Indian/Reunion", is_current=False)

    page = client_of(eve).get(url("schedule")).content.decode()

    assert 'value="2020-02-14T02:00:00"' in page


def test_an_edition_without_departments_is_shown_as_a_draft(edition, eve, client, client_of):
    organizer = client_of(eve)
    with time_machine.travel(NOON - timedelta(days=2), tick=False):
        home = client.get(reverse("home")).content.decode()
        state = client.get(reverse("api:edition")).json()
        pages = [
            organizer.get(path).content.decode()
            for path in (setup_url("edition"), "/organisation/")
        ]
        control = organizer.get(reverse("control_room:control")).content.decode()
        Department.objects.create(edition=edition, code="INFO", name="Info", position=1)
        after = client.get(reverse("home")).content.decode()

    assert "Les inscriptions ne sont pas encore ouvertes." in home
    assert "Inscrire mon équipe" not in home
    assert state["phase"] == "draft"
    for page in (*pages, control):
        assert "inscriptions ouvertes" not in page
        assert "en préparation" in page
    assert spaced("Aucun département : personne ne peut inscrire d’équipe.") in pages[0]
    assert "Pas encore de département" in control
    assert "Inscrire mon équipe" in after
