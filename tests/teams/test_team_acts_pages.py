import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.day.announcements.models import Announcement
from hackathon.event.editions.models import Edition
from teams.models import Membership, Student, Team, TeamNote
from tests.conftest import NOON
from tests.teams.conftest import place_of, text_of

pytestmark = pytest.mark.time_machine(NOON, tick=False)

LIST = "/organisation/editions/ccd-2020/equipes/"
ACTS = f"{LIST}actes/"


@pytest.fixture
def browser(client_of, eve) -> Client:
    return client_of(eve)


def csv_rows(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def sent_by(page: Any) -> dict[str, str]:
    """What the form of this page sends. It has one team."""
    return dict(re.findall(r'name="(act|filter|confirmed|team)" value="([^"]*)"', text_of(page)))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"floor": "3"}, ["Les Pixels"]),
        ({"which": "nothing"}, []),
        ({"which": "never_signed_in"}, ["Les Pixels"]),
        ({"which": "absent"}, ["Les Pixels"]),
        ({"which": "without_room"}, []),
        ({"which": "x", "floor": "y", "order": "z"}, ["Com’unik", "Les Pixels"]),
        ({"order": "room"}, ["Com’unik", "Les Pixels"]),
        ({"order": "size"}, ["Les Pixels", "Com’unik"]),
        ({"order": "registered"}, ["Les Pixels", "Com’unik"]),
    ],
)
def test_the_list_is_filtered_ordered_and_exported(browser, world, pixels, eve, query, found):
    Team.objects.filter(pk=pixels.pk).update(absent_at=NOON, absent_by=eve)
    User.objects.filter(memberships__team__name="Com’unik").update(last_login=NOON)

    page = text_of(browser.get(LIST, query))
    rows = csv_rows(browser.get(LIST, {**query, "export": "csv"}))

    assert [row[0] for row in rows[1:]] == found
    places = [page.index(f'/fiche/">{name}</a>') for name in found]
    assert places == sorted(places)


def test_chosen_teams_are_exported(browser, comunik, pixels):
    rows = csv_rows(browser.post(ACTS, {"team": [pixels.pk], "export": "csv"}))

    assert rows[1][:4] == ["Les Pixels", "INFO", "311", "3"]
    assert "cleo@example.org" in rows[1]
    assert len(rows) == 2


def test_all_that_were_found_are_marked_absent_and_present(browser, comunik, pixels):
    form = {"everything": "on", "filter": "floor=3"}
    browser.post(ACTS, {**form, "act": "absent", "confirmed": "on"})
    absent = list(Team.objects.exclude(absent_at=None))
    shown = text_of(browser.get(LIST))
    browser.post(ACTS, {**form, "act": "present", "confirmed": "on"})

    assert absent == [pixels]
    assert shown.count("absente</") == 1
    assert not Team.objects.exclude(absent_at=None).exists()


def test_presence_is_confirmed_and_only_what_changed_is_taken_back(browser, comunik, pixels, eve):
    Team.objects.filter(pk=pixels.pk).update(absent_at=NOON, absent_by=eve)
    everything = {"everything": "on", "filter": "", "act": "absent"}

    asked = browser.post(ACTS, everything)
    unchanged = list(Team.objects.exclude(absent_at=None))
    done = browser.post(ACTS, sent_by(asked))
    marked = Team.objects.exclude(absent_at=None).count()
    again = browser.post(ACTS, everything, follow=True)
    browser.post(ACTS, sent_by(done))

    page = text_of(asked)
    assert "Noter 1 équipe absente" in page
    assert "Pour 1 autre, rien ne change" in page
    assert "1 équipe notée absente" in text_of(done)
    assert (unchanged, marked) == ([pixels], 2)
    assert "Rien ne change" in text_of(again)
    assert list(Team.objects.exclude(absent_at=None)) == [pixels]


def test_chosen_teams_move_to_a_room(browser, comunik, pixels, info):
    form = {"team": [comunik.pk, pixels.pk], "act": "relocate"}
    first = text_of(browser.post(ACTS, form))
    empty = browser.post(ACTS, {**form, "confirmed": "on"})
    done = browser.post(ACTS, {**form, "confirmed": "on", "room": "B12", "floor": "-1"})

    assert f'name="team" value="{pixels.pk}"' in first
    assert empty.status_code == 422
    assert done.headers["Location"].startswith(LIST)
    assert set(Team.objects.values_list("room", "floor")) == {("B12", -1)}


def test_chosen_teams_are_warned(browser, comunik, pixels):
    form = {"team": [comunik.pk], "act": "warn"}
    page = browser.post(ACTS, form)
    browser.post(ACTS, {**form, "confirmed": "on", "body": "Passez à l’accueil."})

    assert page.status_code == 200
    (announcement,) = Announcement.objects.all()
    assert (announcement.audience, announcement.body) == (
        f"team:{comunik.pk}",
        "Passez à l’accueil.",
    )


@pytest.mark.parametrize("team", ["", "x", "99999", "9" * 30])
def test_without_a_team_nothing_is_done(browser, comunik, team):
    answer = browser.post(ACTS, {"team": team, "act": "absent"}, follow=True)

    assert "Cochez d’abord des équipes." in text_of(answer)
    assert not Team.objects.exclude(absent_at=None).exists()


def test_the_sheet_shows_all_that_concerns_a_team(browser, world, comunik, eve):
    User.objects.filter(email="ben@example.org").update(phone="06 12 34 56 78")

    page = text_of(browser.get(f"/organisation/equipes/{comunik.pk}/fiche/"))

    for shown in (
        "ben@example.org",
        "tel:0612345678",
        "dossier.pdf",
        "Vue à 21:10",
        "Professeur",
        "Renommer",
    ):
        assert shown in page


def test_notes_and_addresses_are_for_organizers_only(client_of, world, comunik, ada, dan):
    for person in (ada, dan.user):
        answer = client_of(person).get(f"/organisation/equipes/{comunik.pk}/fiche/")
        assert answer.status_code == 404
    assert "Vue à 21:10" not in text_of(client_of(ada).get("/equipe/"))
    assert "Vue à 21:10" not in text_of(client_of(dan.user).get("/jury/"))


def act(browser: Client, team: Team, path: str, data: Any = None) -> Any:
    url = f"/organisation/equipes/{team.pk}/{path}/"
    assert data is not None or browser.get(url).status_code == 200
    return browser.post(url, data or {})


def test_acts_on_one_team(browser, comunik, pixels, ada, ben, info):
    Edition.objects.update(team_size_max=5)
    ben_place, ada_place = place_of(ben), place_of(ada)

    renamed = act(browser, comunik, "renommer", {"name": "Les Neuf", "project": "Lumière"})
    taken = act(browser, comunik, "renommer", {"name": pixels.name, "project": ""})
    act(browser, comunik, "capitaine", {"member": ben_place.pk})
    act(browser, comunik, "departement", {"department": info.pk})
    split = act(browser, comunik, "scinder", {"members": [ada_place.pk], "name": "Les Huit"})
    new = Team.objects.get(name="Les Huit")
    merged = act(browser, new, "fusionner", {"into": comunik.pk})
    nobody = act(browser, comunik, "deplacer", {"to": pixels.pk})
    moved = act(browser, comunik, "deplacer", {"members": [ada_place.pk], "to": pixels.pk})

    comunik.refresh_from_db()
    assert (comunik.name, comunik.project, comunik.department) == ("Les Neuf", "Lumière", info)
    sheet = "/organisation/equipes/{}/fiche/"
    assert [r.headers["Location"] for r in (renamed, split, merged, moved)] == [
        sheet.format(pk) for pk in (comunik.pk, new.pk, comunik.pk, pixels.pk)
    ]
    assert (taken.status_code, nobody.status_code) == (422, 422)
    assert "Choisissez au moins une personne." in text_of(nobody)
    members = Membership.objects.order_by("user__name").values_list("user__name", "team__name")
    assert list(members) == [("Ada", "Les Pixels"), ("Ben", "Les Neuf"), ("Cleo", "Les Pixels")]


def test_presence_visits_and_notes(browser, comunik, eve):
    act(browser, comunik, "absence", {"absent": ""})
    act(browser, comunik, "visite", {"going": ""})
    act(browser, comunik, "notes", {"text": "Pas d’ordinateur"})
    empty = act(browser, comunik, "notes", {"text": ""})
    sheet = text_of(browser.get(f"/organisation/equipes/{comunik.pk}/fiche/"))
    note = TeamNote.objects.get()
    act(browser, comunik, f"notes/{note.pk}/supprimer", {"x": ""})
    act(browser, comunik, "absence", {"present": ""})

    assert "absente depuis" in sheet
    assert "Pas d’ordinateur" in sheet
    assert empty.status_code == 422
    comunik.refresh_from_db()
    assert comunik.absent_at is None
    assert not TeamNote.objects.exists()


EXPORTS = [
    LIST,
    "/organisation/editions/ccd-2020/etudiants/",
    "/organisation/departements/{department}/jury/",
    "/organisation/depots/",
    "/questions/file/",
    "/appels/",
    "/organisation/delais/",
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_is_a_file_for_those_who_may_see_it(client_of, world, infocom, kind, eve, ada):
    Student.objects.create(edition=infocom.edition, user=ada, department=infocom)
    for address in EXPORTS:
        url = address.format(department=infocom.pk)
        page = client_of(eve).get(url, follow=True)
        file = client_of(eve).get(url, {"export": kind}, follow=True)
        refused = client_of(ada).get(url, {"export": kind}, follow=True)

        assert "attachment" in file.get("Content-Disposition", ""), url
        assert f"export={kind}" in text_of(page) or url == LIST, url
        assert refused.status_code == 404, url


def test_the_client_s_file_of_questions_does_not_name_the_team(client_of, world, max_user, eve):
    mine = client_of(max_user).get("/questions/file/", {"export": "csv"})
    organizers = client_of(eve).get("/questions/file/", {"export": "csv"})

    assert "Faut-il un logo" in mine.content.decode()
    assert "Com’unik" not in mine.content.decode()
    assert "Com’unik" in organizers.content.decode()


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**400, "x"])
@pytest.mark.parametrize("act", ["scinder", "deplacer"])
def test_an_impossible_member_id_is_refused(browser, comunik, act, number):
    body = {"members": [str(number)], "name": "Lampes", "to": str(number)}

    answer = browser.post(f"/organisation/equipes/{comunik.pk}/{act}/", body)

    assert answer.status_code == 422
    assert comunik.memberships.exists()


def test_people_change_their_department_after_a_tick(browser, comunik, pixels, ada):
    path, here = f"/organisation/equipes/{comunik.pk}/deplacer/", comunik.department
    near = Team.objects.create(edition=here.edition, department=here, name="B", registered_at=NOON)
    form = {"members": [place_of(ada).pk], "to": pixels.pk}

    asked = browser.post(path, form)
    unchanged = place_of(ada).team
    moved = browser.post(path, {**form, "across": "on"})
    browser.post(path, {"members": [comunik.memberships.get().pk], "to": near.pk})

    assert "est en INFO" in text_of(asked)
    assert re.search(r'<input type="checkbox" name="across"', text_of(asked))
    assert (asked.status_code, unchanged, moved.status_code) == (422, comunik, 302)
    assert place_of(ada).team == pixels
    assert near.memberships.count() == 1
