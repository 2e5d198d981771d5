"""Searches for teams and members."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound, Refused
from hackathon.extras.team_searches import services
from hackathon.extras.team_searches.models import Invitation, Search, Wanted
from hackathon.extras.team_searches.selectors import board_for
from teams.models import Membership, Student
from teams.services import students
from tests.conftest import NOON, make_team, make_user
from tests.refusals import refuses
from tests.teams.conftest import EVENING, place_of, text_of
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db

PAGE = "/equipe/recherches/"
LINE = {"text": "Libre toute la nuit", "skills": "Vidéo"}


@pytest.fixture
def search(edition, infocom, loner) -> Search:
    return services.search(edition, department=infocom, **LINE, by=loner, at=EVENING)


def test_a_person_and_a_team_find_each_other_without_an_address(
    edition,
    infocom,
    comunik,
    pixels,
    ada,
    ben,
    cleo,
    loner,
    client_of,
    django_capture_on_commit_callbacks,
):
    sacha, captain = client_of(loner), client_of(ada)
    with time_machine.travel(EVENING, tick=False):
        written = sacha.post(PAGE, {**LINE, "department": infocom.pk})
        wanted = captain.post(PAGE, {"text": "Quelqu’un qui dessine"})
        pages = [text_of(client_of(user).get(PAGE)) for user in (loner, ada, ben, cleo)]
        found = Search.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            captain.post(reverse("team_searches:invite", args=[found.pk]))
        again = captain.get(PAGE)
        invitation = Invitation.objects.get()
        asked = text_of(sacha.get(reverse("teams:mine")))
        before = Membership.objects.filter(user=loner).exists()
        sacha.post(reverse("team_searches:invitation", args=[invitation.pk]), {"accept": ""})

    assert (written.status_code, wanted.status_code) == (302, 302)
    of_loner, of_ada, of_ben, of_cleo = pages
    assert "Quelqu’un qui dessine" in of_loner
    assert "Libre toute la nuit" in of_ada
    assert "Inviter" in of_ada
    assert "Libre toute la nuit" in of_ben
    assert "Inviter" not in of_ben  # a captain invites
    assert "Libre toute la nuit" not in of_cleo  # of another department
    assert all(user.email not in page for page in (of_ada, of_ben) for user in (loner,))
    assert "ada@example.org" not in of_loner
    assert "invité·e" in text_of(again)
    assert [m.to for m in mail.outbox] == [["loner@example.org"]]
    assert "Com’unik" in asked
    assert not before
    assert place_of(loner).team == comunik
    assert not Search.objects.exists()
    assert not Invitation.objects.exists()


def test_a_declined_invitation_is_not_repeated_and_the_captain_reads_the_answer(
    search, comunik, ada, client_of
):
    invitation = services.invite(comunik, search.user, by=ada, at=EVENING)
    services.decline(invitation, by=search.user, at=EVENING)

    with time_machine.travel(EVENING, tick=False):
        page = text_of(client_of(ada).get(PAGE))
    assert "ne vient pas" in page
    assert "invité·e" not in page
    with refuses("already_invited"):
        services.invite(comunik, search.user, by=ada, at=EVENING)

    assert not Membership.objects.filter(user=search.user).exists()


def test_a_person_whom_an_import_has_placed_gets_no_invitation(
    search, edition, comunik, pixels, ada
):
    Membership.objects.create(edition=edition, team=pixels, user=search.user, joined_at=EVENING)

    with refuses("no_longer_searching"):
        services.invite(comunik, search.user, by=ada, at=EVENING)


def test_a_person_without_a_name_is_in_no_list(search, comunik, ada):
    User.objects.filter(pk=search.user_id).update(name="")

    assert board_for(ada, search.edition, at=EVENING).searches == []


@pytest.mark.parametrize(
    "text", ["moi@example.org", "https://x.fr", "www.x.fr", "06 12 34 56 78", "0612345678"]
)
def test_a_line_has_no_address_number_or_link(text, edition, infocom, comunik, ada, loner):
    for write in (
        lambda: services.look_for(comunik, text, by=ada, at=EVENING),
        lambda: services.search(
            edition, department=infocom, text="Libre", skills=text, by=loner, at=EVENING
        ),
    ):
        with refuses("contact_in_line"):
            write()


def test_a_line_is_changed_once_a_minute(search, edition, infocom):
    soon, later = EVENING + timedelta(seconds=59), EVENING + timedelta(seconds=60)
    with refuses("written_just_now"):
        services.search(edition, department=infocom, **LINE, by=search.user, at=soon)
    services.search(edition, department=infocom, **LINE, by=search.user, at=later)


def test_only_captains_of_teams_with_places_invite_until_registration_ends(
    search, comunik, full, ada, ben, cleo, pixels
):
    codes = []
    for team, by, at in (
        (comunik, ben, EVENING),
        (pixels, cleo, EVENING),  # of another department
        (full, ada, EVENING),
        (comunik, ada, NOON),
    ):
        with pytest.raises(Refused) as refused:
            services.invite(team, search.user, by=by, at=at)
        codes.append(refused.value.refusal.code.value)
    with pytest.raises(NotFound):
        board_for(search.user, search.edition, at=NOON)

    assert codes == ["not_captain", "no_longer_searching", "team_full", "registration_closed"]


def test_the_page_asks_as_often_for_one_line_as_for_three(
    search, comunik, infocom, ada, eve, client_of
):
    def count(user: User) -> int:
        browser = client_of(user)
        with time_machine.travel(EVENING, tick=False):
            browser.get(PAGE)
            connection.queries_log.clear()
            connection.force_debug_cursor = True
            browser.get(PAGE)
            connection.force_debug_cursor = False
        return len(connection.queries_log)

    few = [count(ada), count(eve)]
    for name in ("Zoé", "Max"):
        user = make_user(f"{name}@example.org", name)
        Search.objects.create(
            edition=search.edition, department=infocom, user=user, text="Libre", written_at=EVENING
        )
        team = make_team(infocom, f"Équipe {name}", make_user(f"c{name}@x.fr"))
        Wanted.objects.create(team=team, text="Un monteur", written_at=EVENING)

    assert [count(ada), count(eve)] == few


@pytest.mark.database
def test_two_acceptances_of_one_person_give_one_team(
    transactional_db, search, comunik, infocom, ada
):
    other = make_team(infocom, "Les Five", make_user("five@example.org"))
    invitations = [
        Invitation.objects.create(team=team, user=search.user, invited_at=EVENING)
        for team in (comunik, other)
    ]
    together = Barrier(2, timeout=PATIENCE)

    def accept(invitation: Invitation) -> None:
        together.wait()
        with suppress(Refused):
            services.accept(invitation, by=search.user, at=EVENING)
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(accept, invitations))

    assert Membership.objects.filter(user=search.user).count() == 1


def test_who_is_taken_off_the_list_looks_for_no_team(search, comunik, edition, ada, eve):
    services.invite(comunik, search.user, by=ada, at=EVENING)
    student = Student.objects.create(edition=edition, user=search.user)

    students.take_off(student, by=eve, at=EVENING)

    assert not Search.objects.exists()
    assert not Invitation.objects.exists()


def test_without_the_extra_no_page_leads_to_it(search, comunik, edition, ada, client_of):
    services.invite(comunik, search.user, by=ada, at=EVENING)
    edition.extras = []
    edition.save()

    with time_machine.travel(EVENING, tick=False):
        browsers = [client_of(ada), client_of(search.user)]
        pages = [text_of(browser.get(reverse("teams:mine"))) for browser in browsers]
        statuses = [browser.get(PAGE).status_code for browser in browsers]

    assert not any("recherches" in page or "vous invite" in page for page in pages)
    assert statuses == [404, 404]
