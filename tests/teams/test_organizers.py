from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from teams.models import Membership, Team
from tests.conftest import NOON, make_team, make_user
from tests.teams.conftest import EVENING, place_of, text_of

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _evening() -> object:
    with time_machine.travel(EVENING, tick=False):
        yield


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
def test_the_organizers_pages_are_404_for_others(
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


def test_an_invalid_room_is_shown_in_its_form(
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


def test_a_captain_without_account_is_an_error_of_the_form(
    client_of: SignIn, edition: Edition, infocom: Department, eve: User
) -> None:
    answer = client_of(eve).post(
        "/organisation/equipes/inscrire/",
        {"name": "Tardifs", "department": infocom.pk, "captain": "x@example.org"},
    )

    assert answer.status_code == 422
    assert not Team.objects.exists()


def test_query_count_of_the_list_does_not_depend_on_rows(
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
    refused = browser.post(path, {"name": pixels.name, **fields}, follow=True)

    comunik.refresh_from_db()
    levels = [message.level_tag for message in refused.context["messages"]]
    assert levels == ["success", "error"]  # of the two requests
    assert (comunik.name, comunik.room) == ("Autre", "9")
    assert browser.get("/admin/teams/team/").status_code == 200
    assert browser.get("/admin/teams/membership/").status_code == 200
