"""Rights that change while a socket is open take effect at once."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.live import connection as socket_connection
from hackathon.base.live import messages
from hackathon.base.live.audiences import (
    EVERYONE,
    ORGANIZERS,
    department_audience,
    jury_audience,
    team_audience,
)
from hackathon.base.live.hub import hub
from hackathon.day.site.live_socket import rights_of
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import editions, organizers
from judging.models import Juror
from judging.setup.services import seats as jury
from teams.models import Team
from teams.services import membership, teams
from tests.conftest import NOON
from tests.queries import queries_of
from tests.site.sockets import TIMEOUT, SocketClient, connected, cookie_of, publish
from tests.tokens import make_token

pytestmark = pytest.mark.django_db(transaction=True)

EVENING = NOON - timedelta(days=1)


@database_sync_to_async
def signed_in(user: User) -> tuple[Client, str]:
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser, f"sessionid={browser.cookies['sessionid'].value}"


async def receives(socket: SocketClient, audience: str) -> bool:
    """Whether the socket receives a message to `audience`. It must receive one to everyone."""
    await socket.receive_all()
    await database_sync_to_async(publish)(audience, "test.secret")
    await database_sync_to_async(publish)(EVERYONE, "test.public")
    return "test.secret" in [m["type"] for m in await socket.receive_until("test.public")]


# ---------------------------------------------------------------- roles


def leave_team(comunik: Team, infocom: Department, ben: User, eve: User) -> tuple[User, str]:
    place = comunik.memberships.get(user=ben)
    membership.leave(place, by=ben, at=EVENING)
    return ben, team_audience(comunik.pk)


def be_removed(comunik: Team, infocom: Department, ben: User, eve: User) -> tuple[User, str]:
    membership.remove(comunik.memberships.get(user=ben), by=eve, at=NOON)
    return ben, department_audience(infocom.pk)


def be_dissolved(comunik: Team, infocom: Department, ben: User, eve: User) -> tuple[User, str]:
    audience = team_audience(comunik.pk)
    teams.dissolve(comunik, by=eve, at=NOON)
    return ben, audience


def be_dismissed(comunik: Team, infocom: Department, ben: User, eve: User) -> tuple[User, str]:
    dan = Juror.objects.get(user__email="dan@example.org")
    jury.dismiss(juror=dan, by=eve, at=NOON)
    return dan.user, jury_audience(infocom.pk)


def join_a_judged_team(
    comunik: Team, infocom: Department, ben: User, eve: User
) -> tuple[User, str]:
    dan = User.objects.get(email="dan@example.org")
    membership.join(comunik, user=dan, by=eve, at=NOON)
    return dan, jury_audience(infocom.pk)


def stop_organizing(comunik: Team, infocom: Department, ben: User, eve: User) -> tuple[User, str]:
    other = User.objects.get(email="max@example.org")
    organizers.remove(edition=infocom.edition, user=other, by=eve, at=NOON)
    return other, ORGANIZERS


def see_another_edition(
    comunik: Team, infocom: Department, ben: User, eve: User
) -> tuple[User, str]:
    other = Edition.objects.get(slug="ccd-2019")
    editions.show(edition=other, by=eve, at=NOON, typed=infocom.edition.name)
    return ben, team_audience(comunik.pk)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "change",
    [
        leave_team,
        be_removed,
        be_dissolved,
        be_dismissed,
        join_a_judged_team,
        stop_organizing,
        see_another_edition,
    ],
)
async def test_a_user_who_loses_a_role_no_longer_receives_its_messages(
    change, comunik, infocom, ben, eve, dan, max_user
):
    @database_sync_to_async
    def prepare() -> None:
        Edition.objects.update(team_size_min=1)
        infocom.edition.organizers.add(max_user)
        other = Edition.objects.get(pk=infocom.edition_id)
        other.pk, other.slug, other.is_current = None, "ccd-2019", False
        other.save()
        other.organizers.add(eve)

    await prepare()
    sockets = {user.pk: await connected(user) for user in (ben, dan.user, max_user)}
    before = {
        ben.pk: team_audience(comunik.pk),
        dan.user_id: jury_audience(infocom.pk),
        max_user.pk: ORGANIZERS,
    }
    for pk, socket in sockets.items():
        assert await receives(socket, before[pk])

    user, audience = await database_sync_to_async(change)(comunik, infocom, ben, eve)

    assert not await receives(sockets[user.pk], audience)
    await sockets[user.pk].send({"type": "resume", "after": 0})
    replayed = await sockets[user.pk].receive_types()
    assert "test.public" in replayed
    if user != dan.user or change is not join_a_judged_team:
        assert "test.secret" not in replayed
    await asyncio.gather(*(socket.disconnect() for socket in sockets.values()))


@pytest.mark.asyncio
async def test_a_user_who_gets_a_role_receives_its_messages_at_once(
    comunik, infocom, eve, loner, max_user
):
    student, juror = await connected(loner), await connected(max_user)
    act = {"by": eve, "at": NOON}

    await database_sync_to_async(membership.join)(comunik, user=loner, **act)
    await database_sync_to_async(jury.appoint)(department=infocom, email=max_user.email, **act)

    assert await receives(student, team_audience(comunik.pk))
    assert await receives(juror, jury_audience(infocom.pk))
    await database_sync_to_async(organizers.add)(edition=infocom.edition, email=loner.email, **act)
    assert await receives(student, ORGANIZERS)
    await asyncio.gather(student.disconnect(), juror.disconnect())


@pytest.mark.asyncio
async def test_a_removed_member_receives_the_message_of_the_removal(comunik, ben, eve):
    socket = await connected(ben)

    await database_sync_to_async(membership.remove)(
        await database_sync_to_async(comunik.memberships.get)(user=ben), by=eve, at=NOON
    )

    assert "membership.changed" in await socket.receive_types()
    await socket.disconnect()


# ---------------------------------------------------------------- sessions and tokens


def sign_out(browser: Client, user: User) -> None:
    assert browser.post(reverse("account_logout")).status_code == 302


def sign_out_of_the_admin(browser: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    assert browser.post("/admin/logout/").status_code == 302


def choose_another_password(browser: Client, user: User) -> None:
    other = Client()
    other.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    new = "une-autre-phrase-secrète"
    answer = other.post(
        reverse("account_change_password"),
        {"oldpassword": "secret-of-tests", "password1": new, "password2": new},
    )
    assert answer.status_code == 302


def close_the_account(browser: Client, user: User) -> None:
    user.is_active = False
    user.save()


def lose_the_session(browser: Client, user: User) -> None:
    Session.objects.get(session_key=browser.cookies["sessionid"].value).delete()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "end",
    [
        sign_out,
        sign_out_of_the_admin,
        choose_another_password,
        close_the_account,
        lose_the_session,
    ],
)
async def test_when_the_session_ends_the_socket_is_closed_and_then_anonymous(end, comunik, ada):
    browser, cookie = await signed_in(ada)
    socket = await connected(cookie=cookie)
    assert await receives(socket, team_audience(comunik.pk))

    await database_sync_to_async(end)(browser, ada)

    assert await socket.close_code() == socket_connection.CLOSE_SIGNED_OUT
    again = await connected(cookie=cookie)
    assert not await receives(again, team_audience(comunik.pk))
    await again.disconnect()


@pytest.mark.asyncio
async def test_another_browser_of_the_same_user_stays_connected(comunik, ada):
    browser, cookie = await signed_in(ada)
    here, there = await connected(cookie=cookie), await connected(ada)

    await database_sync_to_async(sign_out)(browser, ada)

    assert await here.close_code() == socket_connection.CLOSE_SIGNED_OUT
    assert await receives(there, team_audience(comunik.pk))
    await there.disconnect()


@pytest.mark.asyncio
async def test_an_expired_session_closes_the_socket(comunik, ada):
    _browser, cookie = await signed_in(ada)
    for seconds in (1, 5, 30):  # a busy machine may take longer to connect
        soon = clock.now() + timedelta(seconds=seconds)
        await database_sync_to_async(Session.objects.update)(expire_date=soon)
        socket = await connected(cookie=cookie)
        if socket.ready_message["data"]["signed_in"]:
            break
        await socket.disconnect()
    assert socket.ready_message["data"]["signed_in"]

    assert await socket.close_code() == socket_connection.CLOSE_SIGNED_OUT
    again = await connected(cookie=cookie)
    assert not again.ready_message["data"]["signed_in"]
    await again.disconnect()


@pytest.mark.asyncio
async def test_a_revoked_token_closes_the_socket_for_good(comunik, ada):
    secret = await database_sync_to_async(make_token)(ada)
    socket = await connected(authorization=f"Token {secret}")
    assert await receives(socket, team_audience(comunik.pk))

    await database_sync_to_async(lambda: ada.tokens.get().delete())()

    assert await socket.close_code() == socket_connection.CLOSE_BAD_TOKEN


@pytest.mark.asyncio
async def test_an_expired_token_closes_the_socket_for_good(comunik, ada):
    secret = await database_sync_to_async(make_token)(ada)
    for seconds in (1, 5, 30):  # a busy machine may take longer to connect
        soon = clock.now() + timedelta(seconds=seconds)
        await database_sync_to_async(ada.tokens.update)(expires_at=soon)
        socket = SocketClient(authorization=f"Token {secret}")
        assert await socket.connect()
        first = await socket.receive_output(TIMEOUT)
        if first["type"] == "websocket.send":
            break
        await socket.disconnect()
    assert json.loads(first["text"])["type"] == "live.ready"

    assert await socket.close_code() == socket_connection.CLOSE_BAD_TOKEN


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "header",
    [
        {"cookie": "sessionid=nobody"},
        {"cookie": "sessionid=" + "x" * 5000},
        {"cookie": 'a="; sessionid=\\"'},
        {"cookie": ""},
    ],
)
async def test_an_invalid_cookie_is_anonymous(comunik, header):
    socket = await connected(**header)

    assert not socket.ready_message["data"]["signed_in"]
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize("token", ["", "x", "é" * 20, "zz" * 32, "0" * 64])
async def test_an_invalid_token_is_closed_for_good(edition, token):
    socket = SocketClient(authorization=f"Token {token}")
    await socket.connect()

    assert await socket.close_code() == socket_connection.CLOSE_BAD_TOKEN


# ---------------------------------------------------------------- queries


def headers_of(user: User | None) -> list[tuple[bytes, bytes]]:
    return [(b"cookie", cookie_of(user).encode())] if user else []


def test_the_rights_of_many_connections_cost_the_same_queries_as_of_one(
    comunik, pixels, dan, ada, ben, cleo, eve
):
    one = [headers_of(dan.user)]
    many = [headers_of(user) for user in (ada, ben, cleo, eve, dan.user, None)] * 3

    for_one = queries_of(lambda: rights_of(one))
    with CaptureQueriesContext(connection) as for_many:
        found = rights_of(many)

    # Organizers are also asked for a second factor.
    assert (for_one, len(for_many)) == (8, 9)
    assert [rights.user_pk for rights in found[:6]] == [
        *(ada.pk, ben.pk, cleo.pk, eve.pk, dan.user_id),
        None,
    ]
    assert team_audience(comunik.pk) in found[1].audiences
    assert list(found[5].audiences) == [EVERYONE]


def test_anonymous_connections_cost_no_queries(edition):
    with CaptureQueriesContext(connection) as queries:
        rights_of([headers_of(None)] * 5)

    assert not queries.captured_queries


@pytest.mark.asyncio
async def test_neither_a_message_nor_a_resume_costs_a_query(comunik, ada, monkeypatch):
    # The database is read at multiples of it, of the time since 1970: not before the year 2286.
    monkeypatch.setattr("hackathon.base.live.hub.CATCH_UP_SECONDS", 10**10)
    socket = await connected(ada)
    read: list[str] = []

    def note(execute: Callable, sql: str, *rest: object) -> object:
        read.append(sql)
        return execute(sql, *rest)

    await database_sync_to_async(publish)(team_audience(comunik.pk))
    await socket.receive()
    with await database_sync_to_async(lambda: connection.execute_wrapper(note))():
        await hub.deliver(
            [
                {
                    "id": 10**6,
                    "type": "x",
                    "audiences": ["everyone"],
                    "text": '{"type": "x"}',
                    "deletes": (),
                }
            ]
        )
        await socket.send({"type": "resume", "after": hub.buffer.newest - 10**6})
        assert await socket.receive_types() == ["x", "test.published", "x", "live.resumed"]
        of_the_socket = list(read)
        await database_sync_to_async(messages.last_id)()

    assert of_the_socket == []
    assert len(read) == 1  # proves that queries are recorded
    await socket.disconnect()
