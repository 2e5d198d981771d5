"""The pages of teams, as a student and as an organizer use them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from teams.models import Membership, Team
from tests.conftest import NOON, make_team, make_user
from tests.teams.conftest import EVENING, place_of

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _evening() -> object:
    with time_machine.travel(EVENING, tick=False):
        yield


def text_of(response: object) -> str:
    """The page's text."""
    return response.content.decode()  # type: ignore[attr-defined]


def test_without_a_team_there_are_two_ways(client_of: SignIn, edition: Edition, fay: User) -> None:
    page = text_of(client_of(fay).get("/equipe/"))

    assert "Vous n’avez pas encore d’équipe" in page
    assert reverse("teams:register") in page
    assert "De 1 à 3 personnes, jusqu’au" in page


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOON - timedelta(days=20), "Les inscriptions ouvrent le 3 février à 13:00."),
        (NOON, "Les inscriptions sont closes depuis le 13 février à 08:00."),
    ],
)
def test_outside_the_window_the_page_says_when(
    client_of: SignIn, edition: Edition, fay: User, at: object, words: str
) -> None:
    with time_machine.travel(at, tick=False):  # type: ignore[arg-type]
        page = text_of(client_of(fay).get("/equipe/"))
        form = text_of(client_of(fay).get("/equipe/inscrire/"))

    assert words in page
    assert reverse("teams:register") not in page
    assert words in form


def test_without_an_edition_the_page_says_so(client_of: SignIn, fay: User) -> None:
    page = text_of(client_of(fay).get("/equipe/"))

    assert "Pas d’édition en ce moment" in page


def test_a_team_is_registered_from_the_form(
    client_of: SignIn, edition: Edition, infocom: Department, fay: User
) -> None:
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


def test_a_refused_registration_keeps_what_was_typed(
    client_of: SignIn, comunik: Team, info: Department, fay: User
) -> None:
    answer = client_of(fay).post(
        "/equipe/inscrire/", {"name": "com’unik", "department": info.pk, "room": "208"}
    )

    page = text_of(answer)
    assert answer.status_code == 422
    assert "Une équipe s’appelle déjà « com’unik »." in page
    assert 'value="208"' in page


def test_a_department_of_another_edition_cannot_be_chosen(
    client_of: SignIn, edition: Edition, infocom: Department, fay: User
) -> None:
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


def test_a_link_shows_the_team_and_asks(client_of: SignIn, comunik: Team, fay: User) -> None:
    browser = client_of(fay)
    link = f"/equipe/rejoindre/{comunik.join_code}/"

    page = text_of(browser.get(link))
    assert not Membership.objects.filter(user=fay).exists()
    answer = browser.post(link)

    assert "Rejoindre « Com’unik » ?" in page
    assert "Information et Communication" in page
    assert answer.headers["Location"] == "/equipe/"
    assert place_of(fay).team == comunik


def test_a_link_leads_through_sign_in(client: Client, comunik: Team) -> None:
    link = f"/equipe/rejoindre/{comunik.join_code}/"

    answer = client.get(link)

    assert answer.headers["Location"] == f"/compte/connexion/?next={link}"


def test_a_link_to_a_full_team_says_so_before_anybody_presses(
    client_of: SignIn, full: Team, fay: User
) -> None:
    link = f"/equipe/rejoindre/{full.join_code}/"

    page = text_of(client_of(fay).get(link))
    answer = client_of(fay).post(link)

    assert "Cette équipe est complète (3 membres)" in page
    assert "Oui, rejoindre" not in page
    assert answer.status_code == 422
    assert text_of(answer).count("Cette équipe est complète") == 1


def test_the_own_teams_link_leads_to_the_team(client_of: SignIn, comunik: Team, ben: User) -> None:
    answer = client_of(ben).get(f"/equipe/rejoindre/{comunik.join_code}/")

    assert answer.headers["Location"] == "/equipe/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_code_can_be_corrected(
    client_of: SignIn, edition: Edition, fay: User, method: str
) -> None:
    browser = client_of(fay)

    answer = getattr(browser, method)("/equipe/rejoindre/ZZZ999/")

    assert answer.status_code == (404 if method == "get" else 422)
    assert 'value="ZZZ999"' in text_of(answer)


def test_a_typed_code_joins(client_of: SignIn, comunik: Team, fay: User) -> None:
    client_of(fay).post("/equipe/rejoindre/", {"code": comunik.spoken_code.lower()})

    assert place_of(fay).team == comunik


def test_leaving_asks_first(client_of: SignIn, comunik: Team, ben: User) -> None:
    browser = client_of(ben)

    page = text_of(browser.get("/equipe/quitter/"))
    assert Membership.objects.filter(user=ben).exists()
    answer = browser.post("/equipe/quitter/", follow=True)

    assert "Quitter « Com’unik » ?" in page
    assert not Membership.objects.filter(user=ben).exists()
    assert "Vous avez quitté l’équipe « Com’unik »." in text_of(answer)


def test_a_captain_who_leaves_is_told_to_hand_over(
    client_of: SignIn, comunik: Team, ada: User
) -> None:
    answer = client_of(ada).post("/equipe/quitter/")

    assert answer.status_code == 422
    assert "Confiez d’abord le rôle de capitaine" in text_of(answer)


def test_the_role_is_handed_over(client_of: SignIn, comunik: Team, ada: User, ben: User) -> None:
    client_of(ada).post("/equipe/capitaine/", {"member": place_of(ben).pk})

    assert place_of(ben).is_captain


def test_a_captain_edits_the_team(client_of: SignIn, comunik: Team, ada: User) -> None:
    client_of(ada).post(
        "/equipe/modifier/", {"name": "Com’unik", "room": "215", "floor": "", "project": "Graal"}
    )

    comunik.refresh_from_db()
    assert (comunik.room, comunik.floor, comunik.project) == ("215", None, "Graal")


def test_after_the_window_the_name_is_shown_but_fixed(
    client_of: SignIn, comunik: Team, ada: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        answer = client_of(ada).post("/equipe/modifier/", {"name": "Autre", "room": "1"})

    comunik.refresh_from_db()
    assert answer.status_code == 302
    assert (comunik.name, comunik.room) == ("Com’unik", "1")


def test_a_member_does_not_edit(client_of: SignIn, comunik: Team, ben: User) -> None:
    answer = client_of(ben).post("/equipe/modifier/", {"name": "Com’unik", "room": "1"})

    assert answer.status_code == 422
    assert "capitaine peut faire cela" in text_of(answer)


def test_a_captain_removes_a_member_after_a_question(
    client_of: SignIn, comunik: Team, ada: User, ben: User
) -> None:
    browser, path = client_of(ada), f"/equipe/membres/{place_of(ben).pk}/retirer/"

    page = text_of(browser.get(path))
    answer = browser.post(path)

    assert "Retirer Ben de « Com’unik » ?" in page
    assert answer.headers["Location"] == "/equipe/"
    assert not Membership.objects.filter(user=ben).exists()


@pytest.mark.parametrize("path", ["/equipe/quitter/", "/equipe/capitaine/", "/equipe/modifier/"])
def test_pages_of_a_team_are_not_there_without_one(
    client_of: SignIn, edition: Edition, fay: User, path: str
) -> None:
    assert client_of(fay).get(path).status_code == 404


def test_members_of_other_teams_are_not_there(
    client_of: SignIn, comunik: Team, pixels: Team, ada: User, cleo: User
) -> None:
    path = f"/equipe/membres/{place_of(ada).pk}/retirer/"

    assert client_of(cleo).get(path).status_code == 404
    assert client_of(cleo).post(path).status_code == 404


def test_htmx_gets_the_fragment_only(
    client_of: SignIn, comunik: Team, ada: User, eve: User
) -> None:
    htmx = {"headers": {"HX-Request": "true"}}

    mine = text_of(client_of(ada).get("/equipe/", **htmx))
    listing = text_of(client_of(eve).get("/organisation/equipes/", **htmx))

    assert mine.startswith('<div id="team"')
    assert "live:membership.changed from:body" in mine
    assert listing.startswith('<div id="teams"')
    assert "<html" not in mine + listing


def test_organizers_see_every_team_and_what_it_lacks(
    client_of: SignIn, edition: Edition, comunik: Team, pixels: Team, eve: User
) -> None:
    Edition.objects.update(team_size_min=2)

    page = text_of(client_of(eve).get("/organisation/equipes/"))

    assert comunik.spoken_code in page
    assert "salle 311" in page
    assert "2 équipes" in page
    assert "1 sous le minimum de 2" in page


@pytest.mark.parametrize(
    "path", ["", "inscrire/", "{pk}/salle/", "{pk}/membres/", "{pk}/supprimer/"]
)
def test_the_organizers_pages_are_not_there_for_others(
    client_of: SignIn, comunik: Team, ada: User, path: str
) -> None:
    url = "/organisation/equipes/" + path.format(pk=comunik.pk)

    answer = client_of(ada).post(url) if "{pk}" in path else client_of(ada).get(url)

    assert answer.status_code == 404


def test_an_organizer_gives_a_room(client_of: SignIn, comunik: Team, eve: User) -> None:
    with time_machine.travel(NOON, tick=False):
        answer = client_of(eve).post(
            f"/organisation/equipes/{comunik.pk}/salle/", {"room": "301", "floor": "3"}
        )

    comunik.refresh_from_db()
    assert answer.headers["Location"] == f"/organisation/equipes/#team-{comunik.pk}"
    assert (comunik.room, comunik.floor) == ("301", 3)


def test_a_room_that_does_not_fit_stays_in_its_form(
    client_of: SignIn, comunik: Team, pixels: Team, eve: User
) -> None:
    answer = client_of(eve).post(
        f"/organisation/equipes/{comunik.pk}/salle/", {"room": "3" * 21, "floor": "3"}
    )

    assert answer.status_code == 422
    assert text_of(answer).count('value="' + "3" * 21 + '"') == 1


def test_an_organizer_adds_and_removes_people(
    client_of: SignIn, comunik: Team, fay: User, eve: User
) -> None:
    browser = client_of(eve)
    with time_machine.travel(NOON, tick=False):
        path = f"/organisation/equipes/{comunik.pk}/membres/"
        unknown = browser.post(path, {"email": "x@example.org"})
        browser.post(path, {"email": fay.email})
        added = Membership.objects.filter(team=comunik, user=fay).exists()
        answer = browser.post(f"/equipe/membres/{place_of(fay).pk}/retirer/")

    assert unknown.status_code == 422
    assert "Personne n’a encore de compte" in text_of(unknown)
    assert added
    assert answer.headers["Location"] == "/organisation/equipes/"
    assert not Membership.objects.filter(user=fay).exists()


def test_an_organizer_registers_and_deletes_an_empty_team(
    client_of: SignIn, edition: Edition, infocom: Department, eve: User
) -> None:
    browser = client_of(eve)
    with time_machine.travel(NOON, tick=False):
        browser.post(
            "/organisation/equipes/inscrire/", {"name": "Tardifs", "department": infocom.pk}
        )
        team = Team.objects.get()
        empty = team.memberships.count() == 0
        browser.post(f"/organisation/equipes/{team.pk}/supprimer/")

    assert empty
    assert not Team.objects.exists()


def test_a_captain_without_account_is_said_on_the_form(
    client_of: SignIn, edition: Edition, infocom: Department, eve: User
) -> None:
    answer = client_of(eve).post(
        "/organisation/equipes/inscrire/",
        {"name": "Tardifs", "department": infocom.pk, "captain": "x@example.org"},
    )

    assert answer.status_code == 422
    assert not Team.objects.exists()


def test_the_list_asks_the_same_number_of_questions_for_one_and_three_teams(
    client_of: SignIn, edition: Edition, infocom: Department, eve: User
) -> None:
    browser = client_of(eve)

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get("/organisation/equipes/").status_code == 200
        return len(queries)

    make_team(infocom, "Équipe 0", make_user("s0@example.org"))
    one = questions()
    for number in (1, 2):
        make_team(
            infocom,
            f"Équipe {number}",
            make_user(f"s{number}@example.org"),
            make_user(f"t{number}@example.org"),
        )

    assert questions() == one


def test_the_admin_saves_through_the_service(
    client_of: SignIn, comunik: Team, pixels: Team
) -> None:
    root = User.objects.create_superuser("root@example.org", "secret-of-tests")
    browser, path = client_of(root), f"/admin/teams/team/{comunik.pk}/change/"
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    fields = {"room": "9", "floor": "", "project": "", **inline}

    browser.post(path, {"name": "Autre", **fields})
    browser.post(path, {"name": pixels.name, **fields})

    comunik.refresh_from_db()
    assert (comunik.name, comunik.room) == ("Autre", "9")
    assert browser.get("/admin/teams/team/").status_code == 200
    assert browser.get("/admin/teams/membership/").status_code == 200
