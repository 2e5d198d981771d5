import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hackathon.event.printing import sheets as printed_sheets
from hackathon.extras.student_badges import sheets
from tests.conftest import NOON, make_team
from tests.printing.letters import cut_letters
from tests.printing.pdf import HOSTILE, printed, with_hostile_names

pytestmark = pytest.mark.time_machine(NOON, tick=False)


def test_badges_doors_and_floors(edition, infocom, comunik, pixels, eve, loner, client_of):
    make_team(infocom, "Les <b>*Étoiles*</b> #1", loner, room="214", floor=-1)
    browser = client_of(eve)

    (badges,) = printed(browser, edition, "badges")
    first, second = printed(browser, edition, "portes")
    floors = printed(browser, edition, "etages")
    (of_info,) = printed(browser, edition, "badges", "?department=INFO")

    for text in ("Ada", "Ben", "Cleo", "Sacha", "salle 214 · 2e étage", "Niveau −1", "*Étoiles*"):
        assert text in badges
    assert "Com’unik" in first
    assert "Étoiles" in first
    assert "Pixels" not in first
    assert "311" in second
    assert ["Niveau −1" in floors[0], "2e étage" in floors[1], "3e étage" in floors[2]] == [
        True
    ] * 3
    assert floors[1].count("Signature") == 2
    assert "Cleo" in of_info
    assert "Ada" not in of_info


def test_accents_and_tall_letters_are_printed_whole(edition, infocom, loner):
    name = "Équipe Ôbélix"
    team = make_team(infocom, name, loner, room="É214", floor=1)

    for pdf in (sheets.doors(edition, [team]), sheets.badges(edition, [team])):
        assert cut_letters(pdf, name) == []


def test_the_squares_lead_to_the_team_and_to_the_projector(
    edition, comunik, eve, ada, cleo, dan, pixels, client_of, monkeypatch
):
    drawn: list[str] = []
    monkeypatch.setattr(
        printed_sheets.qr, "svg", lambda text, border: drawn.append(text) or "<svg/>"
    )
    monkeypatch.setattr(printed_sheets, "typeset", lambda *_, **__: b"")
    sheets.badges(edition, [comunik])
    sheets.doors(edition, [comunik])

    where = reverse("student_badges:where", args=[comunik.pk])
    assert drawn == [settings.SITE_URL + where] * 2 + [settings.SITE_URL + "/ecran/"]
    assert client_of(eve).get(where)["Location"] == reverse("control_room:team", args=[comunik.pk])
    assert client_of(ada).get(where)["Location"] == reverse("teams:mine")
    assert "214" in client_of(dan.user).get(where).content.decode()
    assert client_of(cleo).get(where).status_code == 404
    assert reverse("account_login") in Client().get(where)["Location"]


def test_nothing_to_print(edition, eve, client_of):
    browser = client_of(eve)

    answer = browser.get(reverse("student_badges:doors", args=[edition.slug]), follow=True)

    assert "Il n’y a rien à imprimer pour l’instant." in answer.content.decode()
    unknown = browser.get(reverse("printing:index", args=[edition.slug]) + "secrets.pdf")
    assert unknown.status_code == 404


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
@pytest.mark.parametrize("name", ["badges", "portes"])
def test_names_are_shown_and_never_interpreted(edition, comunik, eve, client_of, typed, name):
    with_hostile_names(client_of(eve), edition, name, typed)
