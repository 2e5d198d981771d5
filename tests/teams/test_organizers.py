import re
from html import unescape

import pytest
import time_machine

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from teams.models import Membership, Student, Team
from teams.selectors import listing
from tests.conftest import NOON, make_user
from tests.teams.conftest import EVENING, place_of, text_of

pytestmark = pytest.mark.time_machine(EVENING, tick=False)

LIST = "/organisation/editions/ccd-2020/equipes/"
TEAM = "/organisation/equipes/{pk}/"


def test_organizers_see_every_team_and_what_it_lacks(client_of, edition, comunik, pixels, eve):
    Edition.objects.update(team_size_min=2)

    page = text_of(client_of(eve).get(LIST))

    assert comunik.spoken_code in page
    assert "salle 311" in page
    assert "2 équipes" in page
    assert "1 sous le minimum de 2" in page


def test_an_organizer_gives_a_room(client_of, comunik, eve):
    with time_machine.travel(NOON, tick=False):
        answer = client_of(eve).post(
            f"/organisation/equipes/{comunik.pk}/salle/", {"room": "301", "floor": "3"}
        )

    comunik.refresh_from_db()
    assert answer.headers["Location"] == f"{LIST}?team={comunik.pk}#team-{comunik.pk}"
    assert (comunik.room, comunik.floor) == ("301", 3)


def test_an_invalid_room_is_shown_in_its_form(client_of, comunik, pixels, eve):
    answer = client_of(eve).post(
        f"/organisation/equipes/{comunik.pk}/salle/", {"room": "3" * 41, "floor": "3"}
    )

    assert answer.status_code == 422
    assert text_of(answer).count('value="' + "3" * 41 + '"') == 1
    assert "au plus 40 caractères" in text_of(answer)
    assert "maxlength" not in re.findall(r'<input[^>]*name="room"[^>]*>', text_of(answer))[0]


def test_an_organizer_adds_and_removes_people(client_of, comunik, fay, eve):
    browser = client_of(eve)
    with time_machine.travel(NOON, tick=False):
        path = f"/organisation/equipes/{comunik.pk}/membres/"
        invalid = browser.post(path, {"email": f"{fay.email}, x@"})
        browser.post(path, {"email": f"\u200b{fay.email}\u2060"})
        added = Membership.objects.filter(team=comunik, user=fay).exists()
        answer = browser.post(f"/equipe/membres/{place_of(fay).pk}/retirer/")

    assert invalid.status_code == 422
    assert "n’est pas une adresse e-mail." in text_of(invalid)
    assert added
    assert answer.headers["Location"] == "/organisation/equipes/"
    assert not Membership.objects.filter(user=fay).exists()


def test_an_organizer_registers_and_deletes_an_empty_team(client_of, edition, infocom, eve):
    browser = client_of(eve)
    with time_machine.travel(NOON, tick=False):
        browser.post(LIST + "inscrire/", {"name": "Tardifs", "department": infocom.pk})
        team = Team.objects.get()
        empty = team.memberships.count() == 0
        browser.post(f"/organisation/equipes/{team.pk}/supprimer/")

    assert empty
    assert not Team.objects.exists()


def test_a_captain_without_account_gets_one(client_of, edition, infocom, eve):
    sent = {"name": "Tardifs", "department": infocom.pk, "captain_email": "Zoe@example.org"}

    client_of(eve).post(LIST + "inscrire/", sent)
    again = client_of(eve).post(LIST + "inscrire/", {**sent, "name": "Autres"})

    place = Membership.objects.get()
    assert (place.team.name, place.is_captain) == ("Tardifs", True)
    assert (place.user.email, place.user.last_login) == ("zoe@example.org", None)
    assert Student.objects.get(user=place.user).department == infocom
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["captain_email"]


def test_a_disabled_account_cannot_be_captain(client_of, edition, infocom, eve, fay):
    User.objects.filter(pk=fay.pk).update(is_active=False)
    sent = {"name": "Tardifs", "department": infocom.pk, "captain_email": fay.email}

    answer = client_of(eve).post(LIST + "inscrire/", sent)

    assert list(answer.context["form"].errors) == ["captain_email"]
    assert not Team.objects.exists()


def anchors(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<li class="team-line" id="team-(\d+)"', page)]


@pytest.fixture
def many(infocom, info) -> list[Team]:
    """As many as two pages hold and one more, in two departments; every second one in a room."""
    return [
        Team.objects.create(
            edition=infocom.edition,
            department=info if number % 2 else infocom,
            name=f"Équipe {number:03}",
            room="" if number % 2 else f"R{number:03}",
            registered_at=NOON,
        )
        for number in range(2 * listing.PER_PAGE + 1)
    ]


def test_the_list_has_pages_by_department_and_name(client_of, many, info, eve):
    browser = client_of(eve)
    pages = [text_of(browser.get(LIST, {"page": number})) for number in ("", "2", "3", "99", "x")]

    found = [anchors(page) for page in pages]
    departments = sorted((info, many[0].department), key=lambda d: (d.position, d.name))
    ordered = [team.pk for d in departments for team in many if team.department == d]
    assert found[0] + found[1] + found[2] == ordered
    assert found[3:] == [found[2], found[0]]  # beyond the end, and no number
    assert "101 équipes" in pages[0]
    assert 'href="/organisation/editions/ccd-2020/equipes/?page=2"' in pages[0]


def test_the_list_opens_at_the_page_of_a_team(client_of, many, eve):
    browser = client_of(eve)
    ordered = sorted(many, key=lambda team: (team.department.position, team.name))
    of_page = listing.PER_PAGE

    # The first and the last team of each page.
    for place in (0, of_page - 1, of_page, 2 * of_page - 1, 2 * of_page):
        team = ordered[place]
        assert team.pk in anchors(text_of(browser.get(LIST, {"team": team.pk})))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "PIXELS"}, {"Les Pixels"}),
        ({"q": " com’Unik "}, {"Com’unik"}),
        ({"q": "214"}, {"Com’unik"}),
        ({"q": "cleo"}, {"Les Pixels"}),
        ({"q": "BEN@example"}, {"Com’unik"}),
        ({"q": "heloise"}, {"Les Pixels"}),
        ({"q": "<b>"}, set()),
        ({"department": "INFOCOM"}, {"Com’unik"}),
        ({"department": "INFO", "q": "ada"}, set()),
        ({"department": "unknown"}, {"Com’unik", "Les Pixels"}),
        ({"which": "incomplete"}, {"Com’unik"}),
        ({"q": "x" * 500}, {"Com’unik", "Les Pixels"}),
    ],
)
def test_the_list_is_searched_and_filtered(client_of, comunik, pixels, eve, query, names):
    Edition.objects.update(team_size_min=3)
    for name in ("Héloïse", "Inès"):
        Membership.objects.create(
            edition=pixels.edition,
            team=pixels,
            user=make_user(f"{len(name)}@example.org", name),
            joined_at=NOON,
        )

    page = text_of(client_of(eve).get(LIST, query))

    assert set(re.findall(r'team-line-name"><a [^>]*>([^<]*)</a></b>', page)) == names
    assert bool(names) != ("Aucune équipe ne correspond" in page)


def test_a_code_finds_its_team(client_of, comunik, pixels, eve):
    page = text_of(client_of(eve).get(LIST, {"q": comunik.spoken_code.lower()}))

    assert anchors(page) == [comunik.pk]


def test_a_refresh_of_the_list_keeps_what_is_looked_for(client_of, many, eve):
    browser = client_of(eve)
    page = text_of(browser.get(LIST, {"q": "équipe 0", "department": "INFO", "page": "1"}))
    address = re.search(r'id="teams"[^>]* data-src="([^"]*)"', page)
    assert address

    part = text_of(browser.get(unescape(address[1]), headers={"HX-Request": "true"}))

    assert "<html" not in part
    assert anchors(part) == anchors(page) != []


def test_the_forms_of_a_team_are_fetched_when_it_is_unfolded(client_of, comunik, pixels, ben, eve):
    browser, address = client_of(eve), TEAM.format(pk=comunik.pk)
    page = text_of(browser.get(LIST))
    part = text_of(browser.get(address, headers={"HX-Request": "true"}))
    alone = text_of(browser.get(address))  # without JavaScript

    form = f'action="{address}salle/"'
    assert form not in page
    assert f'hx-get="{address}"' in page
    assert f'<noscript><a href="{address}">' in page
    assert "<html" not in part
    for found in (part, alone):
        assert form in found
        assert f"/equipe/membres/{place_of(ben).pk}/retirer/" in found
    assert f"?team={comunik.pk}#team-{comunik.pk}" in alone
