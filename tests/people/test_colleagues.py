"""Colleagues who keep the desk or read everything. Each address: tests/test_access.py."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.base.live.audiences import DESK, EVERYONE, ORGANIZERS
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Colleague, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services import organizers
from hackathon.event.people import services
from hackathon.event.people.enums import GivenRole
from hackathon.event.roles import audiences_of_users
from submissions.extensions.services import grant
from teams.errors import HelpRefusal, TeamRefusal
from teams.models import Student
from teams.services.membership import let_in
from tests.access.reads import GET
from tests.access.roles import READER, held_back
from tests.conftest import NOON, make_team, make_user

pytestmark = pytest.mark.django_db
type ClientOf = Callable[[User], Client]
READ_ONLY = "rien ne peut être changé ici"


def invite(edition: Edition, user: User, role: GivenRole, by: User) -> User:
    act: dict[str, Any] = {"site_url": "https://ccd.example", "by": by, "at": NOON}
    return services.invite(edition=edition, email=user.email, role=role, **act)


def roles(edition: Edition) -> list[tuple[str, str]]:
    return list(Colleague.objects.filter(edition=edition).values_list("user__name", "role"))


def refusal(call: Callable[[], Any]) -> Any:
    with pytest.raises(Refused) as found:
        call()
    return found.value.refusal.code


# ---------------------------------------------------------------- giving a role


def test_a_role_is_given_changed_and_taken_away(edition, eve, loner, client_of):
    people = reverse("people:index", args=[edition.slug])
    browser, given = client_of(eve), []
    for role in ("reader", "desk", "organizer", "reader"):
        browser.post(people, {"email": loner.email, "role": role})
        given.append((roles(edition), edition.organizers.filter(pk=loner.pk).exists()))
    browser.post(reverse("people:organizer-remove", args=[edition.slug, loner.pk]))

    reader, desk = [("Sacha", "reader")], [("Sacha", "desk")]
    assert given == [(reader, False), (desk, False), ([], True), (reader, False)]
    assert roles(edition) == []
    acts = JournalEntry.objects.filter(person_pk=loner.pk).order_by("pk")
    assert list(acts.values_list("act", "detail__role")) == [
        ("colleague.added", "reader"),
        ("colleague.added", "desk"),
        ("organizer.added", None),
        ("colleague.added", "reader"),
        ("organizer.removed", None),
    ]


def test_the_last_organizer_and_members_of_a_team_stay_what_they_are(edition, eve, comunik, ben):
    edition.organizers.set([eve])

    last = refusal(lambda: invite(edition, eve, GivenRole.READER, eve))
    member = refusal(lambda: invite(edition, ben, GivenRole.DESK, eve))

    assert (last, member) == (EditionRefusal.LAST_ORGANIZER, HelpRefusal.IN_TEAM)
    assert roles(edition) == []


@pytest.mark.database
def test_a_colleague_has_one_role(edition, eve, rhea):
    organizers.add(edition=edition, email=rhea.email, role=ColleagueRole.DESK, by=eve, at=NOON)

    assert roles(edition) == [("Rhea", "desk")]


def test_only_organizers_give_a_role(edition, loner, rhea, dora):
    for by in (rhea, dora, loner):
        by.counted_roles = frozenset
        code = refusal(lambda by=by: invite(edition, loner, GivenRole.ORGANIZER, by))
        assert code == EditionRefusal.NOT_ORGANIZER


def test_no_entry_code_gives_the_rights_of_a_colleague(edition, eve, comunik, ben):
    edition.colleagues.create(user=ben, role=ColleagueRole.READER)
    membership = comunik.memberships.get(user=ben)

    code = refusal(lambda: let_in(membership, by=eve, at=NOON))

    assert code == TeamRefusal.HAS_OTHER_RIGHTS


# ---------------------------------------------------------------- reading


def test_a_reader_sees_and_is_said_so(edition, eve, rhea, client_of):
    url = reverse("editions:schedule", args=[edition.slug])

    pages = {user: client_of(user).get(url).content.decode() for user in (rhea, eve)}

    assert READ_ONLY in pages[rhea]
    assert "js/reads-only" in pages[rhea]
    assert READ_ONLY not in pages[eve]


def test_a_write_of_a_reader_says_why_and_an_outsider_finds_nothing(
    edition, comunik, rhea, loner, client_of
):
    url = reverse("teams:absence", args=[comunik.pk])
    unknown = reverse("teams:absence", args=[comunik.pk + 99])

    answers = [client_of(rhea).post(each, {"absent": "on"}) for each in (url, unknown)]
    outsider = client_of(loner).post(url, {"absent": "on"})

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Vous pouvez tout lire, mais pas changer" in answers[0].content.decode()
    assert outsider.status_code == 404
    comunik.refresh_from_db()
    assert comunik.absent_at is None


def test_an_address_that_is_nowhere_is_not_found_by_a_reader_either(edition, rhea, client_of):
    assert client_of(rhea).post("/nulle-part/", {}).status_code == 404


def test_the_acts_on_a_team_are_hidden_from_a_reader(edition, comunik, rhea, client_of):
    sheet = client_of(rhea).get(reverse("control_room:sheet", args=[comunik.pk])).content.decode()
    styles = (settings.BASE_DIR / "hackathon/static/css/more.css").read_text()

    changes = re.findall(r'<div class="[^"]*\bchanges\b[^"]*">(.*?)</div>', sheet, re.DOTALL)
    assert "Renommer" in changes[0]
    assert ".reads-only main :is(a.button.is-icon, .changes)," in styles


def test_own_pages_of_a_reader_stay_forms(rhea, client_of):
    browser = client_of(rhea)

    page = browser.get(reverse("accounts:profile")).content.decode()
    saved = browser.post(reverse("accounts:name"), {"name": "Rhea Roux"})

    assert READ_ONLY not in page
    assert saved.status_code == 302
    rhea.refresh_from_db()
    assert rhea.name == "Rhea Roux"


def test_what_a_reader_opens_writes_nothing(world, rhea, client_of):
    """But sessions, and that a brief or an announcement was read."""
    browser, wrong = client_of(rhea), {}
    browser.get("/")
    with time_machine.travel(NOON, tick=False):
        for route in world.routes():
            if GET.get(route.name, frozenset()) >= READER and "eve" in GET[route.name]:
                with CaptureQueriesContext(connection) as seen:
                    _read(browser.get(route.url))
                written = [q["sql"] for q in seen if q["sql"].startswith(WRITING)]
                if others := [sql for sql in written if not any(t in sql for t in MAY_WRITE)]:
                    wrong[route.name] = others

    assert wrong == {}


WRITING = ("INSERT", "UPDATE", "DELETE")
MAY_WRITE = ("django_session",)


def _read(response: HttpResponse) -> None:
    if response.streaming:
        list(response.streaming_content)


def test_files_and_private_reasons_are_not_for_readers(edition, comunik, eve, rhea, client_of):
    act: dict[str, Any] = {"by": eve, "at": NOON, "private_reason": "Un plâtre"}
    grant(edition, team=comunik, minutes=5, reason="Retard", **act)
    url = reverse("submissions:extensions", args=[edition.slug])

    pages = {user: client_of(user).get(url).content.decode() for user in (rhea, eve)}
    files = [client_of(user).get(url + "?export=csv").status_code for user in (rhea, eve)]

    assert ["Un plâtre" in pages[user] for user in (rhea, eve)] == [False, True]
    assert files == [404, 200]


# ---------------------------------------------------------------- the desk


def test_the_desk_notes_presence_and_goes_back_to_its_page(edition, comunik, dora, client_of):
    browser, desk = client_of(dora), reverse("people:desk", args=[edition.slug])

    start = browser.get(reverse("site:start"))
    noted = browser.post(reverse("teams:absence", args=[comunik.pk]), {"absent": "on"})

    assert start["Location"] == reverse("people:desk")
    assert noted["Location"] == desk
    assert "absente" in browser.get(desk).content.decode()


def test_the_desk_gives_a_code_and_finds_who_has_no_team(
    edition, comunik, ben, loner, dora, client_of
):
    Student.objects.create(edition=edition, user=loner)
    browser, desk = client_of(dora), reverse("people:desk", args=[edition.slug])
    member = comunik.memberships.get(user=ben)

    code = browser.post(reverse("teams:entry-code", args=[member.pk]))
    found = browser.get(desk, {"q": "sacha"}).content.decode()
    mailed = browser.post(reverse("people:send-code", args=[edition.slug, loner.pk]))

    assert desk in code.content.decode()
    assert reverse("people:send-code", args=[edition.slug, loner.pk]) in found
    assert "Comunik" not in found
    assert mailed["Location"] == desk


def test_the_page_of_time_granted_leads_the_desk_nowhere_else(edition, dora, client_of):
    page = client_of(dora).get(reverse("submissions:extensions", args=[edition.slug]))

    text = page.content.decode()
    assert reverse("people:desk", args=[edition.slug]) in text
    assert "Pages de l’édition" not in text
    assert reverse("control_room:control") not in text


@pytest.mark.parametrize("teams", [1, 3])
def test_the_desk_needs_the_same_queries_for_more_teams(edition, infocom, dora, client_of, teams):
    for n in range(teams):
        make_team(infocom, f"T{n}", make_user(f"{n}@example.org", f"P{n}"))
    browser, url = client_of(dora), reverse("people:desk", args=[edition.slug])
    browser.get(url)

    with CaptureQueriesContext(connection) as seen:
        browser.get(url)

    assert len(seen) <= DESK_QUERIES


DESK_QUERIES = 17


# ---------------------------------------------------------------- everything else


def test_live_messages_of_colleagues(edition, rhea, dora):
    assert audiences_of_users([rhea, dora]) == [[EVERYONE, ORGANIZERS], [EVERYONE, DESK]]


def test_without_the_second_factor_a_colleague_is_one_of_all(edition, rhea, dora, settings):
    urls = {
        rhea: reverse("people:index", args=[edition.slug]),
        dora: reverse("people:desk", args=[edition.slug]),
    }

    led = {user: held_back(user, settings).get(url)["Location"] for user, url in urls.items()}

    proof = reverse("mfa_reauthenticate")
    assert {user: url.partition("?")[0] for user, url in led.items()} == dict.fromkeys(urls, proof)


def test_a_role_counts_in_its_requests_only(edition, rhea):
    held = [is_organizer(rhea, edition)]
    rhea.counted_roles = lambda: frozenset([ColleagueRole.DESK])
    held.append(is_organizer(rhea, edition))
    rhea.counted_roles = lambda: frozenset([ColleagueRole.READER])
    held.append(is_organizer(rhea, edition))

    assert held == [False, False, True]
    assert rhea.granted_as == ColleagueRole.READER
