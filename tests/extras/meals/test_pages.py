import json
import re
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from hackathon.extras.meals import services
from hackathon.extras.meals.models import DietaryNeeds, Dish, Meal, MealPlan
from hackathon.extras.meals.views import handout
from teams.models import Team
from tests.conftest import NOON
from tests.extras.meals.conftest import AFTER, CLOSES
from tests.responses import MARKER


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def pdf(answer: Any) -> str:
    document = pypdfium2.PdfDocument(BytesIO(b"".join(answer.streaming_content)))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_a_student_chooses_with_one_tap_and_sees_when_and_where(
    plan, verte, comunik, ada, client_of, noon
):
    browser = client_of(ada)
    before = text(browser.get("/equipe/"))

    browser.post("/repas/choisir/", {"dish": verte.pk})

    assert "Sans choix, ce sera « Reine »." in before
    team = text(browser.get("/equipe/"))
    assert "<b>Verte</b>, servi vers 20:00, salle 214" in team
    page = text(browser.get("/repas/"))
    assert page.count("Choisi </span>") == 1
    assert "végétarien" in page
    assert "À choisir avant" in page
    noon.move_to(AFTER)
    closed = browser.post("/repas/choisir/", {"dish": verte.pk}, follow=True)
    assert "Les choix sont clos depuis" in text(closed)
    assert "À choisir avant" not in text(closed)
    assert "Changer de repas" not in text(browser.get("/equipe/"))
    gone = browser.post("/repas/choisir/", {"dish": 0}, follow=True)
    assert "Ce plat n’est plus à la carte." in text(gone)


def test_a_captain_chooses_for_the_others_and_never_sees_their_needs(
    plan, verte, comunik, ada, ben, client_of
):
    bens, captains = client_of(ben), client_of(ada)
    without = bens.post("/repas/besoins/", {"text": MARKER})
    bens.post("/repas/besoins/", {"text": MARKER, "consents": "on"})

    page = text(captains.get("/repas/"))
    captains.post("/repas/choisir/", {"dish": verte.pk, "person": ben.pk})

    assert without.status_code == 422
    assert "Cochez l’accord" in text(without)
    assert DietaryNeeds.objects.get().consented_at == NOON
    assert f'value="{ben.pk}"' in page
    assert MARKER not in page
    assert Meal.objects.get().chosen_by == ada
    own = text(bens.get("/repas/"))
    assert "Quelqu’un a choisi pour vous." in own
    assert MARKER in own
    assert "Elle est effacée au plus tard le 20 février 2020" in own
    assert "Pour votre équipe" not in own


def test_a_captain_neither_sees_nor_replaces_what_an_organizer_has_chosen(
    edition, plan, verte, reine, comunik, pixels, ada, ben, cleo, eve, client_of
):
    captain = client_of(ada)
    services.choose(edition, ben, verte, by=eve, at=NOON)

    page = text(captain.get("/repas/"))
    answer = captain.post("/repas/choisir/", {"dish": reine.pk, "person": ben.pk}, follow=True)
    of_others = [
        captain.post("/repas/choisir/", {"dish": reine.pk, "person": pk}).status_code
        for pk in (cleo.pk, 10**30)
    ]

    assert f'value="{ben.pk}"' not in page
    assert "Ce repas est déjà choisi" in text(answer)
    assert Meal.objects.get().dish == verte
    assert of_others == [404, 404]


def test_organizers_set_the_meals_and_read_the_needs(edition, plan, comunik, ada, eve, client_of):
    services.set_needs(edition, ada, f"{MARKER} arachides", consents=True, at=NOON)
    browser, slug = client_of(eve), edition.slug
    rows = {"dishes-TOTAL_FORMS": 1, "dishes-INITIAL_FORMS": 0, "dishes-0-name": "Blanche"}
    menu, people = (reverse(f"meals:{name}", args=[slug]) for name in ("dishes", "people"))

    browser.post(menu, {**rows, "dishes-0-pizzeria": "Gino"})
    twice = browser.post(menu, {**rows, "dishes-0-name": "blanche"})
    blanche = Dish.objects.get(name="Blanche")
    settings = {"milestone": "", "closes_at": "2020-02-13T16:00:00", "default_dish": blanche.pk}
    browser.post(reverse("meals:index", args=[slug]), settings)
    chosen = browser.post(f"{people}?q=Ada", {"dish": blanche.pk, "person": ada.pk})

    assert blanche.pizzeria == "Gino"
    assert (twice.status_code, "Un plat s’appelle déjà" in text(twice)) == (422, True)
    plan.refresh_from_db()
    assert (plan.milestone, plan.default_dish, plan.closes_at) == (
        None,
        blanche,
        CLOSES.replace(hour=15),
    )
    assert chosen["Location"].endswith("?q=Ada")
    assert Meal.objects.get().dish == blanche
    page = text(browser.get(f"{people}?which=needs"))
    assert f"{MARKER} arachides" in page
    assert "Ben" not in page
    assert "Blanche" in text(browser.get(reverse("meals:order", args=[slug])))


def test_each_number_is_that_of_the_list_behind_it(
    edition, plan, verte, comunik, pixels, ada, ben, cleo, loner, eve, client_of
):
    MealPlan.objects.update(default_dish=None)
    for user in (ada, ben):
        services.choose(edition, user, verte, by=user, at=NOON)
    Meal.objects.filter(user=ada).update(served_at=NOON, served_by=eve, ticked_at=NOON)
    for user in (ben, loner):  # the second one does not eat here any more
        DietaryNeeds.objects.create(edition=edition, user=user, text=MARKER, consented_at=NOON)
    browser, slug = client_of(eve), edition.slug
    people = reverse("meals:people", args=[slug])

    page = text(browser.get(reverse("meals:index", args=[slug])))
    numbers = dict(re.findall(rf'href="{people}\?which=(\w+)">(\d+)<', page))
    pages = {which: browser.get(people, {"which": which}).context for which in numbers}
    lists = {which: [one.name for one, _needs in page["people"]] for which, page in pages.items()}

    assert lists == {
        "chosen": ["Ada", "Ben"],
        "missing": ["Cleo"],
        "without": ["Cleo"],
        "needs": ["Ben"],
        "served": ["Ada"],
    }
    assert numbers == {which: str(len(names)) for which, names in lists.items()}


def test_files_and_sheets_have_the_order_and_the_rooms_without_needs(
    edition, plan, verte, comunik, pixels, ada, eve, client_of
):
    services.choose(edition, ada, verte, by=ada, at=NOON)
    services.set_needs(edition, ada, MARKER, consents=True, at=NOON)
    browser, slug = client_of(eve), edition.slug
    urls = {name: reverse(f"meals:{name}", args=[slug]) for name in ("order", "people")}

    csv = browser.get(f"{urls['order']}?export=csv").content.decode("utf-8-sig")
    people = browser.get(f"{urls['people']}?export=xlsx&which=needs").content
    order = pdf(browser.get(reverse("meals:sheet", args=[slug, "commande"])))
    hand_out = pdf(browser.get(reverse("meals:sheet", args=[slug, "distribution"])))

    assert csv.replace('"', "").splitlines()[1:] == [
        "Gino;Verte;végétarien, sans porc;1;0",
        "Stan;Reine;;2;2",
    ]
    rows = list(load_workbook(BytesIO(people)).active.values)
    assert rows[1][:6] == ("Ada", "Com’unik", "214", 2, "Verte", "oui")
    assert [row[0] for row in rows[1:]] == ["Ada", "Ben", "Cleo"]  # not only who has needs
    assert "à livrer\xa0: jeu. 13 fév., 20:00" in order
    assert re.search(r"Gino Total 1\s+Stan Reine 2\s+Stan Total 2", order)
    assert hand_out.index("Com’unik") < hand_out.index("Les Pixels")
    assert "☐ Verte" in hand_out
    for found in (csv, str(rows), order, hand_out):
        assert MARKER not in found


def test_a_large_distribution_shows_a_part_of_a_floor_and_finds_everybody(
    plan, comunik, pixels, student, helper, client_of, monkeypatch
):
    Team.objects.update(floor=2)  # Com’unik with Ada and Ben in 214, Les Pixels with Cleo in 311
    url, browser = reverse("meals:handout"), client_of(helper)
    whole = browser.get(url)
    monkeypatch.setattr(handout, "MOST", 2)

    def people(query: dict[str, str]) -> list[str]:
        shown = browser.get(url, query).context["shown"]
        return [one.name for part in shown for _team, eaters in part.teams for one in eaters]

    parts = [(part.name, part.rooms) for part in browser.get(url).context["parts"]]
    queries = [{}, {"floor": "2.2"}, {"floor": "none"}, {"q": "311"}, {"q": "cleo"}, {"q": "zz"}]

    assert parts == [("2", "214"), ("2.2", "311"), ("none", "")]
    assert [people(query) for query in queries] == [
        ["Ada", "Ben"],
        ["Cleo"],
        ["Sam"],
        ["Cleo"],
        ["Cleo"],
        [],
    ]
    assert len(whole.context["shown"]) == 2


def test_ticks_are_sent_by_organizers_and_helpers_one_by_one_or_together(
    plan, comunik, student, helper, ada, client_of
):
    browser = client_of(helper)

    def send(*changes: Any, **body: Any) -> Any:
        data = {"for": helper.pk, "changes": changes, **body}
        url = reverse("meals:synchronise")
        return browser.post(url, json.dumps(data), content_type="application/json")

    tick = {"person": ada.pk, "value": "served", "given_at": "2020-02-13T11:59:00.000Z"}
    page = text(browser.get("/repas/distribution/"))
    answers = send(tick, {"person": "x"}, tick, {**tick, "person": 0}).json()["answers"]
    unreadable = [
        {**tick, "value": []},
        {**tick, "person": 10**30},
        {**tick, "given_at": "0001-01-01T00:00:00+14:00"},
        None,
    ]
    refused = send(*unreadable).json()["answers"]

    assert page.index("Com’unik") < page.index("Sans équipe")
    assert [answer["state"] for answer in answers] == ["accepted", "refused", "accepted", "refused"]
    assert answers[0]["value"] == "served"
    assert {answer["code"] for answer in refused} == {"unreadable"}
    assert "12:59, Hal" in text(browser.get("/repas/distribution/?floor=2"))
    assert "Com’unik" not in text(browser.get("/repas/distribution/?floor=none"))
    assert send(tick, **{"for": ada.pk}).status_code == 409
    assert send(changes="x").status_code == 400
    assert Client().post(reverse("meals:synchronise")).status_code == 401
    assert client_of(ada).get("/repas/distribution/").status_code == 404
