from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.event.editions.models import Edition
from hackathon.extras.running_order.models import Step
from tests.conftest import NOON
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
EDIT = "/organisation/editions/ccd-2020/deroule/"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_helpers_and_the_desk_see_it_and_tick(edition, helper, dora, step, client_of):
    one = step("Recevoir les pizzas", -6, who="Hal", place="Hall")
    browser, desk = client_of(helper), client_of(dora)

    page = text(browser.get("/deroule/"))
    browser.post(f"/deroule/{one.pk}/")

    assert "Recevoir les pizzas" in page
    assert "Hal, Hall" in page
    assert "en retard" in page
    assert "1 étape faite" in text(desk.get("/deroule/"))
    desk.post(f"/deroule/{one.pk}/", {"undone": "1"})
    assert Step.objects.get().done_by is None


def test_nobody_else_sees_it(edition, comunik, ada, dan, loner, rhea, step, client_of):
    one = step("Recevoir les pizzas", 0)

    for user in (ada, dan.user, loner):
        browser = client_of(user)
        assert browser.get("/deroule/").status_code == 404
        assert browser.post(f"/deroule/{one.pk}/").status_code == 404
        assert "/deroule/" not in text(browser.get("/"))
    assert Client().get("/deroule/").status_code == 302
    assert "Recevoir" in text(client_of(rhea).get("/deroule/"))
    assert client_of(rhea).post(f"/deroule/{one.pk}/").status_code == 403
    assert Step.objects.get().done_by is None


def test_late_steps_are_in_the_control_room(edition, eve, step, client_of):
    step("Recevoir les pizzas", -6)
    step("Accueillir le client", -4)

    block = text(client_of(eve).get("/pilotage/blocs/?parts=block-wrong"))

    assert "Recevoir les pizzas" in block
    assert "Accueillir le client" not in block


def test_an_organizer_begins_with_the_usual_one_and_prints_it(edition, eve, client_of):
    browser = client_of(eve)
    empty = text(browser.get(EDIT))
    nothing = browser.get(EDIT.removesuffix("/") + ".pdf")

    browser.post(f"{EDIT}proposer/")
    sheet = browser.get(EDIT.removesuffix("/") + ".pdf")

    assert "Proposer un déroulé habituel" in empty
    assert nothing.status_code == 302
    page = text(browser.get(EDIT))
    assert "Proposer un déroulé habituel" not in page
    assert "Ouvrir les jurys" in page
    assert b"".join(sheet.streaming_content).startswith(b"%PDF")


def test_the_table_is_saved_and_refuses_what_is_no_instant(edition, eve, step, client_of):
    browser, one = client_of(eve), step("Repas", 0)
    formset = browser.get(EDIT).context["formset"]
    sent = {
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "1",
        "steps-0-seen": formset.forms[0].initial["seen"],
        "steps-0-at": "2020-02-13T13:30:00",
        "steps-0-title": "Repas",
        "steps-0-who": "Gil",
        "steps-0-place": "",
        "steps-1-at": "bientôt",
        "steps-1-title": "Ouvrir",
        "steps-1-who": "",
        "steps-1-place": "",
    }

    refused = browser.post(EDIT, sent)
    browser.post(EDIT, sent | {"steps-1-at": "2020-02-13T08:00:00"})

    assert refused.status_code == 422
    assert "Ouvrir" in text(refused)
    one.refresh_from_db()
    assert (one.at, one.who) == (NOON + timedelta(minutes=30), "Gil")
    assert Step.objects.first().title == "Ouvrir"


def test_the_list_has_a_constant_number_of_queries(edition, eve, step, client_of):
    browser = client_of(eve)
    step("Un", 0)
    one = queries_of(lambda: browser.get("/deroule/"))
    step("Deux", 1)
    step("Trois", 2)

    assert queries_of(lambda: browser.get("/deroule/")) == one


def test_off_there_is_no_page(edition, eve, step, client_of):
    step("Recevoir les pizzas", -6)
    Edition.objects.update(extras=[])
    browser = client_of(eve)

    assert browser.get("/deroule/").status_code == 404
    assert browser.get(EDIT).status_code == 404
    assert "Recevoir les pizzas" not in text(browser.get("/pilotage/"))
