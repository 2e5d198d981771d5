"""The table of all instants, and the whole day that moves with one date."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions import moves, program, rules
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from hackathon.event.editions.services import schedule
from hackathon.event.partners.models import ClientPage
from submissions.models import Deliverable
from tests.conftest import NOON
from tests.editions.conftest import journalled, published
from tests.editions.pages import url
from tests.queries import queries_of
from tests.refusals import refuses

EVE_OF = NOON - timedelta(days=1)

pytestmark = pytest.mark.time_machine(EVE_OF, tick=False)
WEEK = timedelta(days=7)


@pytest.fixture
def day(edition, brief, dossier) -> Edition:
    Milestone.objects.create(edition=edition, kind="meal", label="Pizzas", at=NOON)
    Deliverable.objects.update(opens_at=NOON + timedelta(hours=1), due_at=NOON + timedelta(hours=6))
    ClientPage.objects.create(edition=edition, public_at=NOON - timedelta(hours=2))
    return edition


def times() -> list[Any]:
    return [
        Milestone.objects.get().at,
        Brief.objects.get().published_at,
        *Deliverable.objects.values_list("opens_at", "due_at").get(),
        ClientPage.objects.get().public_at,
    ]


def test_everything_to_come_moves_as_far_as_the_launch(day, eve):
    before = {name: getattr(day, name) for name in rules.INSTANTS}
    others = times()

    schedule.move_day(edition=day, to=day.starts_at + WEEK, by=eve, at=EVE_OF)

    day.refresh_from_db()
    assert day.registration_opens_at == before.pop("registration_opens_at")  # it has passed
    assert {n: getattr(day, n) for n in before} == {n: at + WEEK for n, at in before.items()}
    assert times() == [at + WEEK for at in others]
    assert journalled() == ["day.moved"]
    assert JournalEntry.objects.get().detail["n"] == 9
    assert published() == [
        ("everyone", "edition.changed"),
        ("organizers", "brief.changed"),
        ("organizers", "client.changed"),
        ("everyone", "deliverable.changed"),
    ]


def test_hours_of_the_clock_stay_across_a_change_to_summer_time(day, eve):
    schedule.move_day(
        edition=day, to=day.starts_at + 8 * WEEK - timedelta(hours=1), by=eve, at=EVE_OF
    )

    day.refresh_from_db()
    local = day.deadline_at.astimezone(day.zone)
    assert (local.month, local.hour) == (4, 23)


def test_a_brief_that_is_public_stays(day, eve):
    Brief.objects.update(published_at=EVE_OF)

    move = program.preview(day, day.starts_at + WEEK, at=EVE_OF)
    schedule.move_day(edition=day, to=day.starts_at + WEEK, by=eve, at=EVE_OF)

    assert move is not None
    assert "Ouverture des inscriptions, Sujet (INFOCOM)" in move.notes[1]
    assert Brief.objects.get().published_at == EVE_OF


def test_a_day_that_has_begun_does_not_move(day, eve):
    before = times()

    with refuses("day_has_begun"):
        schedule.move_day(edition=day, to=day.starts_at + WEEK, by=eve, at=day.starts_at)

    assert times() == before


def test_an_instant_that_would_be_past_is_named(day, eve):
    with pytest.raises(Refused) as refused:
        schedule.move_day(edition=day, to=EVE_OF + timedelta(minutes=15), by=eve, at=EVE_OF)

    message = str(refused.value.refusal).replace("\xa0", " ")
    assert "« Clôture des inscriptions » tomberait le" in message
    assert journalled() == []


def test_a_move_is_not_undone_below_another_one(day, eve):
    later = {"judging_opens_at": day.judging_opens_at + timedelta(hours=1)}
    schedule.move(edition=day, instants=later, by=eve, at=EVE_OF)

    schedule.move_day(edition=day, to=day.starts_at + WEEK, by=eve, at=EVE_OF)

    assert moves.undoable(day, at=EVE_OF) is None


def test_the_page_says_what_moves_and_for_whom_before_it_does(day, comunik, eve, client_of):
    browser, data = client_of(eve), {"to": "2020-02-20T08:30:00"}

    asked = browser.post(url("day-move"), data)
    before = times()
    answer = browser.post(url("day-move"), data | {"confirmed": asked.context["move"].key})

    found = " ".join(asked.content.decode().split())
    assert "pour 2 étudiants. Aucun e-mail ne part" in found.replace("\xa0", " ")
    for label in ("Sujet (INFOCOM)", "Pizzas", "Rendu : Dossier de stratégie (INFOCOM)"):
        assert label in found.replace("\xa0", " ")
    assert (before[0], answer["Location"]) == (NOON, url("milestones"))
    assert Milestone.objects.get().at == NOON + WEEK


def test_what_was_added_meanwhile_is_asked_about(day, eve, client_of):
    browser, data = client_of(eve), {"to": "2020-02-20T08:30:00"}
    key = browser.post(url("day-move"), data).context["move"].key
    Milestone.objects.create(edition=day, kind="meal", label="Soupe", at=NOON)

    again = browser.post(url("day-move"), data | {"confirmed": key})

    assert "Soupe" in again.content.decode()
    assert not JournalEntry.objects.filter(act="day.moved").exists()


def test_a_refusal_is_on_the_page(day, eve, client_of):
    answer = client_of(eve).post(url("day-move"), {"to": "2020-02-13T08:30:00"})

    assert answer.status_code == 422
    assert "Le lancement est déjà à cette heure." in answer.content.decode()


def test_the_table_has_every_instant_and_where_it_is_changed(day, infocom, eve, client_of):
    second = Department.objects.create(edition=day, code="GEA", name="Gestion", position=2)
    alike = Brief.objects.create(
        department=second, title="x", body="x", published_at=Brief.objects.get().published_at
    )

    answer = client_of(eve).get(url("milestones"))

    page = answer.content.decode()
    labels = [line.label.replace("\xa0", " ") for line in answer.context["lines"]]
    assert labels == [
        *("Ouverture des inscriptions", "Clôture des inscriptions", "Lancement", "Sujet"),
        *("Page du client", "Pizzas", "Ouverture : Dossier de stratégie"),
        *("Rendu : Dossier de stratégie", "Heure limite", "Fin de la marge"),
        "Ouverture de la notation",
    ]
    for address in (
        f"{url('schedule')}#id_deadline_at",
        f"{url('schedule')}#id_grace_seconds",
        url("milestone", Milestone.objects.get().pk),
        url("brief-edit", infocom.pk),
        url("brief-edit", alike.department_id),
        reverse("submissions:deliverable-edit", args=[Deliverable.objects.get().pk]),
        reverse("partners:client-edit", args=[day.slug]),
    ):
        assert f'href="{address}"' in page


def test_the_table_takes_as_many_queries_for_many_rows(day, infocom, eve, client_of):
    browser, counts = client_of(eve), []
    for number in (1, 3):
        for i in range(1, number):
            Milestone.objects.create(edition=day, kind="meal", label=f"{i}", at=NOON)
            Deliverable.objects.create(department=infocom, name=f"{i}", kind="file", due_at=NOON)
        counts.append(queries_of(lambda: browser.get(url("milestones"))))

    assert counts[0] == counts[1]
