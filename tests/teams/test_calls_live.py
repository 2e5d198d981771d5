from typing import Any

import pytest
from channels.db import database_sync_to_async

from hackathon.base.accounts.models import User
from judging.setup.services import seats as jury
from teams.enums import HelpKind
from teams.models import HelpRequest, Team
from teams.services import calls, duties
from tests.conftest import NOON, make_team
from tests.site.sockets import SocketClient, connected

pytestmark = pytest.mark.django_db(transaction=True)


async def about_calls(socket: SocketClient) -> list[dict[str, Any]]:
    return [m for m in await socket.receive_all() if m["type"].startswith("help.")]


@database_sync_to_async
def call_a_teacher(team: Team, by: User) -> HelpRequest:
    return calls.request(team=team, kind=HelpKind.TEACHER, by=by, at=NOON)


@pytest.mark.asyncio
async def test_a_call_is_sent_once_to_its_audiences_and_to_no_other_socket(
    comunik,
    pixels,
    ada,
    ben,
    cleo,
    dan,
    diane,
    max,  # noqa: A002
    eve,
    loner,
    info,
):
    @database_sync_to_async
    def prepare() -> User:
        other = User.objects.create_user("teacher@example.org", name="Prof d’info")
        for user, department in ((other, info), (loner, None)):
            duties.give(
                edition=info.edition,
                email=user.email,
                kind=HelpKind.TEACHER,
                department=department,
                by=eve,
                at=NOON,
            )
        return other

    elsewhere = await prepare()
    members_and_helpers = [ada, ben, dan.user, diane.user, eve, loner]
    others = [cleo, max.user, elsewhere, None]
    sockets = [await connected(user) for user in (*members_and_helpers, *others)]

    call = await call_a_teacher(comunik, ada)

    received = [
        [(message["type"], message["data"]["id"]) for message in await about_calls(socket)]
        for socket in sockets
    ]
    once = [("help.requested", call.pk)]
    assert received == [once] * len(members_and_helpers) + [[]] * len(others)
    for socket in sockets:
        await socket.disconnect()


@pytest.mark.asyncio
async def test_the_team_behind_gets_only_the_hint_that_it_moved(comunik, infocom, ada, cleo, dan):
    @database_sync_to_async
    def prepare() -> Team:
        return make_team(infocom, "Les Five", cleo, room="215", floor=2)

    five = await prepare()
    call = await call_a_teacher(comunik, ada)
    await call_a_teacher(five, cleo)
    socket = await connected(cleo)

    await database_sync_to_async(calls.claim)(call=call, by=dan.user, at=NOON)

    assert [(m["type"], m["data"]) for m in await about_calls(socket)] == [
        ("help.moved", {"kind": "teacher"})
    ]
    await socket.disconnect()


@pytest.mark.asyncio
async def test_former_helpers_and_jurors_get_no_more_messages(
    comunik, ada, ben, dan, loner, eve, infocom
):
    give = database_sync_to_async(duties.give)
    duty = await give(
        edition=infocom.edition,
        email=loner.email,
        kind=HelpKind.TEACHER,
        department=infocom,
        by=eve,
        at=NOON,
    )
    sockets = [await connected(loner), await connected(dan.user)]
    call = await call_a_teacher(comunik, ada)
    assert [len(await about_calls(socket)) for socket in sockets] == [1, 1]

    await database_sync_to_async(duties.take_away)(duty=duty, by=eve, at=NOON)
    await database_sync_to_async(jury.dismiss)(juror=dan, by=eve, at=NOON)
    for socket in sockets:
        await socket.receive_all()
    await database_sync_to_async(calls.withdraw)(call=call, by=ben, at=NOON)

    assert [await about_calls(socket) for socket in sockets] == [[], []]
    for socket in sockets:
        await socket.disconnect()
