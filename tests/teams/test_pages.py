from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.core.typography import spaced
from hackathon.event.editions.models import Department, Edition
from teams.models import Membership, Student, Team
from teams.services import membership
from tests.conftest import NOON, make_user
from tests.teams.conftest import EVENING, place_of, text_of

pytestmark = pytest.mark.time_machine(EVENING, tick=False)


def test_without_a_team_the_page_offers_to_register_or_to_join(client_of, infocom, fay):
    page = text_of(client_of(fay).get("/equipe/"))

    assert "Vous n’avez pas encore d’équipe" in page
    assert reverse("teams:register") in page
    assert "De 1 à 3 personnes, jusqu’au" in page


@pytest.mark.parametrize(
    ("at", "message"),
    [
        (NOON - timedelta(days=20), "Les inscriptions ouvrent le lundi 3 février à 13:00."),
        (NOON, "Les inscriptions sont closes depuis le jeudi 13 février à 8:00."),
    ],
)
def test_while_registration_is_closed_the_page_shows_its_dates(
    client_of, edition, fay, at, message
):
    with time_machine.travel(at, tick=False):
        page = text_of(client_of(fay).get("/equipe/"))
        form = text_of(client_of(fay).get("/equipe/inscrire/"))

    assert message in page
    assert reverse("teams:register") not in page
    assert message in form


def test_the_page_without_an_edition(client_of, fay):
    page = text_of(client_of(fay).get("/equipe/"))

    assert "Pas d’édition en ce moment" in page


def test_a_team_is_registered_from_the_form(client_of, edition, infocom, fay):
    browser = client_of(fay)

    answer = browser.post(
        "/equipe/inscrire/",
        {"name": "Les Five", "department": infocom.pk, "room": "208", "floor": "2"},
    )

    assert answer.headers["Location"] == "/equipe/"
    team = Team.objects.get()
    page = text_of(browser.get("/equipe/"))
    assert team.spoken_code in page
    assert f"http://testserver/equipe/rejoindre/{team.join_code}/" in page


def test_a_refused_registration_keeps_what_was_typed(client_of, comunik, info, fay):
    answer = client_of(fay).post(
        "/equipe/inscrire/", {"name": "com’unik", "department": info.pk, "room": "208"}
    )

    page = text_of(answer)
    assert answer.status_code == 422
    assert 'aria-describedby="id_name_error"' in page
    assert spaced("Une équipe s’appelle déjà « com’unik ».") in page
    assert 'value="208"' in page


@pytest.fixture
def listed(edition, info, fay) -> Department:
    """The department of Fay on the list of the school."""
    Student.objects.create(edition=edition, user=fay, department=info)
    return info


def test_the_department_of_the_list_is_chosen_already(client_of, listed, fay):
    form = client_of(fay).get("/equipe/inscrire/").context["form"]

    assert form["department"].value() == listed.pk
    assert "is_sure" not in form.fields


def test_another_department_than_that_of_the_list_is_asked_for_once_more(
    client_of, listed, infocom, fay
):
    browser, given = client_of(fay), {"name": "Les Five", "department": infocom.pk}

    asked = browser.post("/equipe/inscrire/", given)
    page = text_of(asked)
    answer = browser.post("/equipe/inscrire/", {**given, "is_sure": "on"})

    assert asked.status_code == 422
    assert f"La liste de l’école vous met en {listed.name}. Vraiment {infocom.name}" in page
    assert 'name="is_sure"' in page
    assert answer.headers["Location"] == "/equipe/"
    assert Team.objects.get().department == infocom


def test_the_link_of_a_team_of_another_department_says_so(client_of, listed, comunik, fay, infocom):
    path = f"/equipe/rejoindre/{comunik.join_code}/"
    warning = (
        f"La liste de l’école vous met en {listed.name}, et cette équipe est en {infocom.name}"
    )

    assert warning in text_of(client_of(fay).get(path))
    Student.objects.update(department=infocom)
    assert warning not in text_of(client_of(fay).get(path))


def test_a_department_of_another_edition_cannot_be_chosen(client_of, edition, infocom, fay):
    infocom_pk = infocom.pk
    other = Edition.objects.create(
        slug="other",
        name="Autre",
        registration_opens_at=NOON,
        registration_closes_at=NOON,
        starts_at=NOON,
        deadline_at=NOON + timedelta(hours=1),
        judging_opens_at=NOON + timedelta(hours=1),
    )
    Department.objects.filter(pk=infocom_pk).update(edition=other)

    answer = client_of(fay).post("/equipe/inscrire/", {"name": "X", "department": infocom_pk})

    assert answer.status_code == 422


def test_a_link_shows_the_team_before_joining(client_of, comunik, fay):
    browser = client_of(fay)
    link = f"/equipe/rejoindre/{comunik.join_code}/"

    page = text_of(browser.get(link))
    assert not Membership.objects.filter(user=fay).exists()
    answer = browser.post(link)

    assert spaced("Rejoindre « Com’unik » ?") in page
    assert "Information et Communication" in page
    assert answer.headers["Location"] == "/equipe/"
    assert place_of(fay).team == comunik


def test_a_link_to_a_full_team_shows_the_refusal(client_of, full, fay):
    link = f"/equipe/rejoindre/{full.join_code}/"

    page = text_of(client_of(fay).get(link))
    answer = client_of(fay).post(link)

    assert "Cette équipe est complète (3 membres)" in page
    assert "Oui, rejoindre" not in page
    assert "Trouver une autre équipe" in page
    with time_machine.travel(NOON, tick=False):  # no team takes anybody any more
        assert "Trouver une autre équipe" not in text_of(client_of(fay).get(link))
    assert answer.status_code == 422
    assert text_of(answer).count("Cette équipe est complète") == 1


def test_the_link_of_ones_own_team_redirects_to_it(client_of, comunik, ben):
    answer = client_of(ben).get(f"/equipe/rejoindre/{comunik.join_code}/")

    assert answer.headers["Location"] == "/equipe/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_code_can_be_corrected(client_of, edition, fay, method):
    answer = getattr(client_of(fay), method)("/equipe/rejoindre/ZZZ999/")

    assert answer.status_code == 404
    assert 'value="ZZZ999"' in text_of(answer)


def test_a_typed_code_shows_the_team_first(client_of, comunik, fay):
    browser = client_of(fay)

    answer = browser.post("/equipe/rejoindre/", {"code": comunik.spoken_code.lower()}, follow=True)
    wrong = browser.post("/equipe/rejoindre/", {"code": "zzz999"})

    assert spaced("Rejoindre « Com’unik » ?") in text_of(answer)
    assert not Membership.objects.filter(user=fay).exists()
    assert wrong.status_code == 422
    assert "Aucune équipe n’a le code" in text_of(wrong)
    assert 'aria-invalid="true"' in text_of(wrong)


def test_guessed_codes_are_limited_per_person_on_every_way(client_of, comunik, fay):
    browser, link = client_of(fay), f"/equipe/rejoindre/{comunik.join_code}/"
    ways: list[Callable[[str], Any]] = [
        lambda code: browser.get(f"/equipe/rejoindre/{code}/"),
        lambda code: browser.post("/equipe/rejoindre/", {"code": code}),
    ]
    for number in range(membership.CODES):
        ways[number % 2](f"00000{number}")

    refused = [way(comunik.join_code) for way in ways]

    assert [answer.status_code for answer in refused] == [404, 422]
    assert all("Trop de codes faux" in text_of(answer) for answer in refused)
    assert not Membership.objects.filter(user=fay).exists()
    assert client_of(make_user("hugo@example.org", "Hugo")).get(link).status_code == 200


def test_a_removed_member_sees_the_removal_until_they_have_a_team(client_of, comunik, ada, ben):
    notice = spaced("Vous n’êtes plus dans l’équipe « Com’unik »")
    client_of(ada).post(f"/equipe/membres/{place_of(ben).pk}/retirer/")

    for page in ("/equipe/", "/sujets/"):
        assert notice in text_of(client_of(ben).get(page))
    client_of(ben).post(f"/equipe/rejoindre/{comunik.join_code}/", follow=True)

    assert notice not in text_of(client_of(ben).get("/sujets/"))


def test_only_the_captain_makes_a_new_code(client_of, comunik, ada, ben):
    former = comunik.join_code

    refused = client_of(ben).post("/equipe/code/", follow=True)
    comunik.refresh_from_db()
    assert comunik.join_code == former
    client_of(ada).post("/equipe/code/")

    comunik.refresh_from_db()
    assert "Seul·e le ou la capitaine" in text_of(refused)
    assert comunik.join_code != former
    assert "Faire un nouveau code" not in text_of(client_of(ben).get("/equipe/"))


def test_a_captain_with_members_is_offered_the_hand_over(client_of, comunik, ada, ben):
    browser = client_of(ada)

    page = text_of(browser.get("/equipe/quitter/"))
    answer = browser.post("/equipe/capitaine/?next=leave", {"member": place_of(ben).pk})

    assert "Confier le rôle de capitaine" in page
    assert "is-danger" not in page
    assert answer.headers["Location"] == "/equipe/quitter/"
    assert "is-danger" in text_of(browser.get("/equipe/quitter/"))


def test_leaving_must_be_confirmed(client_of, comunik, ben):
    browser = client_of(ben)

    page = text_of(browser.get("/equipe/quitter/"))
    assert Membership.objects.filter(user=ben).exists()
    answer = browser.post("/equipe/quitter/", follow=True)

    assert spaced("Quitter « Com’unik » ?") in page
    assert not Membership.objects.filter(user=ben).exists()
    assert spaced("Vous avez quitté l’équipe « Com’unik ».") in text_of(answer)


def test_a_captain_edits_the_team(client_of, comunik, ada):
    client_of(ada).post(
        "/equipe/modifier/", {"name": "Com’unik", "room": "215", "floor": "", "project": "Graal"}
    )

    comunik.refresh_from_db()
    assert (comunik.room, comunik.floor, comunik.project) == ("215", None, "Graal")


def test_after_registration_the_name_is_a_disabled_field(client_of, comunik, ada):
    with time_machine.travel(NOON, tick=False):
        answer = client_of(ada).post("/equipe/modifier/", {"name": "Autre", "room": "1"})

    comunik.refresh_from_db()
    assert answer.status_code == 302
    assert (comunik.name, comunik.room) == ("Com’unik", "1")


def test_a_captain_removes_a_member_after_confirming(client_of, comunik, ada, ben):
    browser, path = client_of(ada), f"/equipe/membres/{place_of(ben).pk}/retirer/"

    page = text_of(browser.get(path))
    answer = browser.post(path)

    assert spaced("Retirer Ben de « Com’unik » ?") in page
    assert answer.headers["Location"] == "/equipe/"
    assert not Membership.objects.filter(user=ben).exists()


def test_htmx_gets_the_fragment_only(client_of, comunik, ada, eve):
    htmx = {"headers": {"HX-Request": "true"}}

    mine = text_of(client_of(ada).get("/equipe/", **htmx))
    listing = text_of(client_of(eve).get("/organisation/editions/ccd-2020/equipes/", **htmx))

    assert mine.startswith('<div id="team"')
    assert 'data-shows="membership' in mine
    assert listing.startswith('<div id="teams"')
    assert "<html" not in mine + listing


@pytest.mark.parametrize("name", ["teams:mine", "teams:register"])
def test_without_departments_registration_is_impossible(name, edition, fay, eve, client_of):
    student = client_of(fay).get(reverse(name)).content.decode()
    organizer = client_of(eve).get(reverse(name)).content.decode()

    assert "Les inscriptions ne sont pas encore ouvertes" in student
    assert "Je monte une équipe" not in student
    assert "Il manque les départements" in organizer
    assert reverse("editions:departments", args=[edition.slug]) in organizer
