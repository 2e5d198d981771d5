"""Fragments over the socket: who gets which, in which language, and what of them."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE, department_audience, team_audience
from hackathon.base.live.fragments import registry, render
from hackathon.base.live.hub import hub
from hackathon.base.live.sent_fragments import Wanted
from hackathon.day.site.fragments import changed_fragments, render_wanted
from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.services import schedule
from hackathon.event.roles import audiences_for
from submissions.deposits import services as deposits
from submissions.extensions import services as extensions
from submissions.models import Deliverable
from teams.models import Team
from teams.services import membership, organizing
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.site.sockets import SocketClient, connected, publish
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

MARKER = "https://example.org/zqxlien"
LATER = 3  # seconds; `every` fragments come each second


async def shows(user: User | None, *names: str, language: str = "fr") -> SocketClient:
    """A page with these fragments, made after all messages until now."""
    await database_sync_to_async(publish)(EVERYONE)
    socket = await connected(user)
    resume = {"type": "resume", "after": socket.ready_message["id"], "settled": True}
    await socket.send({**resume, "shows": names, "language": language})
    await socket.receive_all()
    return socket


async def fragments_of(socket: SocketClient, *names: str) -> dict[str, str]:
    """Until all of `names` have come, and what comes just after."""
    found: dict[str, str] = {}
    while not found.keys() >= set(names):
        message = await socket.receive()
        if message["type"] == "fragment.rendered":
            found[message["data"]["name"]] = message["data"]["html"]
    for message in await socket.receive_all():
        if message["type"] == "fragment.rendered":
            found[message["data"]["name"]] = message["data"]["html"]
    return found


@database_sync_to_async
def hand_in(team: Team, by: User, deliverable: Deliverable) -> None:
    deposits.deposit(deliverable, team, url=MARKER, begun_at=NOON, by=by, at=NOON)


@database_sync_to_async
def another_team(department: Department) -> Team:
    return make_team(department, "Autre", make_user("zora@example.org", "Zora"))


@database_sync_to_async
def move_deadline(edition: Edition, by: User, minutes: int) -> None:
    deadline_at = DEADLINE + timedelta(minutes=minutes)
    schedule.move(edition=edition, instants={"deadline_at": deadline_at}, by=by, at=NOON)


@pytest.mark.asyncio
async def test_a_deposit_reaches_the_pages_of_its_team_alone(
    comunik, pixels, site_link, ada, loner, eve
):
    stranger = await database_sync_to_async(User.objects.get)(memberships__team=pixels)
    mine = await shows(ada, "deposits", "facade")
    others = [await shows(user, "deposits", "facade") for user in (stranger, loner, eve, None)]

    await hand_in(comunik, ada, site_link)

    found = await fragments_of(mine, "deposits", "facade")
    assert MARKER in found["deposits"]
    assert "window" in found["facade"]
    for socket in others:
        assert MARKER not in str(await fragments_of(socket, "facade"))
    for socket in (mine, *others):
        await socket.disconnect()


@pytest.mark.asyncio
async def test_each_page_gets_its_language(edition, ada, comunik, eve):
    french = await shows(ada, "home-day")
    english = await shows(ada, "home-day", language="en")

    await move_deadline(edition, eve, 10)

    assert "La journée" in (await fragments_of(french, "home-day"))["home-day"]
    assert "The day" in (await fragments_of(english, "home-day"))["home-day"]
    await french.disconnect()
    await english.disconnect()


@pytest.mark.asyncio
async def test_the_second_change_is_sent_as_the_pieces_that_changed(
    comunik, infocom, site_link, ada
):
    other = await another_team(infocom)
    page = await shows(None, "facade")
    await hand_in(comunik, ada, site_link)
    whole = (await fragments_of(page, "facade"))["facade"]
    user = await database_sync_to_async(lambda: other.memberships.get().user)()

    await hand_in(other, user, site_link)

    pieces = (await fragments_of(page, "facade"))["facade"]
    assert f'id="window-{comunik.pk}"' in whole
    assert f'id="window-{comunik.pk}"' not in pieces
    assert f'id="window-{other.pk}"' in pieces
    assert len(pieces) < len(whole) / 2
    await page.disconnect()


@pytest.mark.asyncio
async def test_a_removed_member_gets_no_fragment_of_the_team(comunik, site_link, ada, ben, eve):
    page = await shows(ben, "deposits")
    place = await database_sync_to_async(comunik.memberships.get)(user=ben)
    await database_sync_to_async(membership.remove)(place, by=eve, at=NOON)
    await page.receive_until("live.rights")

    await hand_in(comunik, ada, site_link)

    assert MARKER not in str(await page.receive_all())
    await page.disconnect()


@pytest.mark.asyncio
async def test_a_member_who_is_removed_while_a_fragment_is_rendered_does_not_get_it(
    comunik, site_link, ada, ben, eve, monkeypatch
):
    page = await shows(ben, "deposits")
    place = await database_sync_to_async(comunik.memberships.get)(user=ben)
    rendered = []

    def render_and_remove(wanted: Collection[Wanted], *args: Any) -> dict[Wanted, str]:
        found = render_wanted(wanted, *args)
        if not rendered:
            rendered.extend(found.values())
            membership.remove(place, by=eve, at=NOON)
            wait_until(lambda: not hub.audiences_of_pages())  # this process has the message
        return found

    monkeypatch.setattr(hub.fragments, "render", render_and_remove)
    await hand_in(comunik, ada, site_link)

    received = [*await page.receive_until("live.rights"), *await page.receive_all()]
    assert MARKER in str(rendered)
    assert MARKER not in str(received)
    await page.disconnect()


@pytest.mark.asyncio
async def test_a_page_that_reconnects_gets_what_has_changed_meanwhile(
    edition, comunik, site_link, ada
):
    await database_sync_to_async(publish)(EVERYONE)
    before = await database_sync_to_async(messages.last_id)()
    await hand_in(comunik, ada, site_link)
    socket = await connected(ada)

    await socket.send(
        {"type": "resume", "after": before, "shows": ["deposits", "palmares"], "language": "fr"}
    )

    found = await fragments_of(socket, "deposits")
    assert MARKER in found["deposits"]
    assert "palmares" not in found
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize("names", [["nothing"], [1, None], "deposits", [["deposits"]], {}])
async def test_a_wrong_list_of_fragments_is_harmless(comunik, site_link, ada, names):
    socket = await connected(ada)
    await socket.send({"type": "resume", "after": 0, "shows": names, "language": "fr"})

    await hand_in(comunik, ada, site_link)

    assert "submission.received" in await socket.receive_types()
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_brief_is_sent_at_its_instant_and_not_before(edition, infocom, comunik, ada):
    """Nobody publishes a message then: the process of the sockets looks each second."""
    at = timezone.now() + timedelta(hours=1)
    await database_sync_to_async(Brief.objects.update_or_create)(
        department=infocom, defaults={"title": "zqxsujet", "published_at": at}
    )
    page = await shows(ada, "briefs")
    early = []
    for _ in range(LATER):
        early += await page.receive_all()
    await database_sync_to_async(Brief.objects.update)(published_at=timezone.now())

    # One that was rendered before may still be under way.
    messages = [await page.receive()]
    if "zqxsujet" not in messages[0]["data"]["html"]:
        messages.append(await page.receive())

    assert "zqxsujet" not in str(early)
    assert {message["data"]["name"] for message in messages} == {"briefs"}
    assert "zqxsujet" in messages[-1]["data"]["html"]
    await page.disconnect()


def test_the_briefs_are_read_once_for_all_departments(edition, brief, infocom, info):
    departments = [department_audience(department.pk) for department in (infocom, info)]
    wanted = [Wanted("briefs", frozenset({EVERYONE, name}), "fr") for name in departments]

    with time_machine.travel(brief.published_at), CaptureQueriesContext(connection) as queries:
        found = render_wanted(wanted, None)

    assert len(set(found.values())) == 2
    assert len(queries) == 4  # the edition, its milestones, the briefs and their attachments


def test_the_deposits_of_many_teams_are_read_at_once(edition, comunik, infocom, site_link, ada):
    teams = [comunik, *(make_team(infocom, f"Équipe {number}") for number in range(3))]
    deposits.deposit(site_link, comunik, url=MARKER, begun_at=NOON, by=ada, at=NOON)
    wanted = [
        Wanted("deposits", frozenset({EVERYONE, team_audience(team.pk)}), "fr") for team in teams
    ]

    def queries_for(some: list[Wanted]) -> tuple[dict[Wanted, str], int]:
        with CaptureQueriesContext(connection) as queries:
            return render_wanted(some, None), len(queries)

    together, for_all = queries_for(wanted)
    alone, for_one = queries_for(wanted[:1])

    assert for_all == for_one
    assert together[wanted[0]] == alone[wanted[0]]
    assert [MARKER in together[each] for each in wanted] == [True, False, False, False]


def test_a_page_without_a_socket_gets_the_same(edition, comunik, site_link, ada, client_of):
    publish(EVERYONE)
    before = messages.last_id()
    deposits.deposit(site_link, comunik, url=MARKER, begun_at=NOON, by=ada, at=NOON)
    browser, query = client_of(ada), {"after": before, "shows": "deposits,palmares,nothing"}

    mine = browser.get("/api/v1/live/", query).json()
    others = Client().get("/api/v1/live/", query).json()

    assert [MARKER in html for html in mine["fragments"]] == [True]
    assert others["fragments"] == []


def test_every_fragment_is_rendered_for_every_role_in_both_languages(world):
    """None fails, and none has a form or a name of the person: no request is there."""
    edition, last = world.objects["edition"], messages.last_id()
    people = [None, *User.objects.all()]
    for user in people:
        audiences = frozenset(audiences_for(user, edition))
        for html in changed_fragments(registry.fragments, None, audiences, last=last):
            assert "csrfmiddlewaretoken" not in html
            assert user is None or user.email not in html


def test_a_fragment_is_the_same_beside_others_and_in_another_language_as_alone(world, ada):
    audiences = frozenset(audiences_for(ada, world.objects["edition"]))
    wanted = [
        Wanted(name, audiences, language)
        for language in ("fr", "en")
        for name in registry.fragments
    ]

    with time_machine.travel(clock.now(), tick=False):
        together = render_wanted(wanted, None)
        alone = {key: html for each in wanted for key, html in render_wanted([each], None).items()}
    assert together.keys() == alone.keys()
    assert [key for key in alone if together[key] != alone[key]] == []


def test_what_is_rendered_is_kept_until_a_message_and_never_without_a_version(
    edition, comunik, settings
):
    settings.FRAGMENTS_CACHED = True
    facade, at = registry.fragments["facade"], clock.now()

    def names(version: int | None) -> list[bool]:
        html = render(facade, Edition.objects.get(), "everyone", at=at, version=version)
        return [name in html for name in ("Com’unik", "Nouveau nom")]

    before = names(10**9), names(None)
    Team.objects.filter(pk=comunik.pk).update(name="Nouveau nom")  # without a message

    assert before == ([True, False], [True, False])
    assert names(10**9) == [True, False]
    assert names(None) == [False, True]
    assert names(10**9 + 1) == [False, True]


def test_pages_share_the_extensions_until_there_is_another_one_or_a_team_moves(
    edition, infocom, info, comunik, ada, eve, client_of, settings
):
    settings.FRAGMENTS_CACHED = True
    student = client_of(ada)

    def shown() -> tuple[datetime, int]:
        """The deadline in the strip of the clock, and how often extensions were read for it."""
        with time_machine.travel(NOON, tick=False), CaptureQueriesContext(connection) as captured:
            html = student.get("/annonces/").content.decode()
        found = re.search(r'data-countdown datetime="([^"]*)"', html)
        assert found
        reads = sum('FROM "submissions_extension"' in query["sql"] for query in captured)
        return datetime.fromisoformat(found[1]), reads

    assert shown() == (DEADLINE, 1)
    assert shown() == (DEADLINE, 0)
    extensions.grant(edition, department=info, minutes=20, reason="Coupure", by=eve, at=NOON)
    assert shown() == (DEADLINE, 1)
    organizing.relocate(edition, [comunik], department=info, by=eve, at=NOON)
    assert shown() == (DEADLINE + timedelta(minutes=20), 1)


def test_a_change_while_a_page_is_made_is_newer_than_the_page(edition, eve, client, monkeypatch):
    """The edition is read after the newest message: its change reaches the page."""
    read, moved = type(Edition.objects).current, []

    def read_and_move(objects: Any) -> Edition | None:
        found = read(objects)
        if not moved:
            moved.append(True)
            later = {"deadline_at": edition.deadline_at + timedelta(minutes=7)}
            schedule.move(edition=Edition.objects.get(), instants=later, by=eve, at=NOON)
        return found

    before = messages.last_id()
    monkeypatch.setattr(type(Edition.objects), "current", read_and_move)
    page = client.get("/").content.decode()

    assert messages.last_id() > before
    found = re.search(r'data-live-after="(\d+)"', page)
    assert found
    assert int(found[1]) == before
