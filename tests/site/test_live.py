"""The live socket: the protocol, the audiences, and the handshake."""

import asyncio
import time
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError, connection, transaction

from hackathon.accounts.models import User
from hackathon.announcements.services.announcements import announce
from hackathon.core import clock, live
from hackathon.core.models import LiveMessage
from hackathon.core.sockets import connection as socket_connection
from hackathon.core.sockets.hub import hub
from hackathon.editions.models import Department, Edition
from judging.models import Juror
from teams.models import Team
from teams.services import membership
from tests.site.sockets import SocketClient, connected, cookie_of, publish
from tests.tokens import make_token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


# ---------------------------------------------------------------- the protocol


@pytest.mark.asyncio
async def test_ready_has_the_newest_id_and_the_time_of_the_server(edition: Edition) -> None:
    await database_sync_to_async(publish)(live.EVERYONE)
    newest = await database_sync_to_async(live.last_id)()

    socket = SocketClient()
    await socket.connect()
    message = await socket.receive()

    assert message["type"] == "live.ready"
    assert message["id"] == newest > 0
    assert abs(message["data"]["now"] - time.time() * 1000) < 5_000
    await socket.disconnect()


@pytest.mark.asyncio
async def test_ping_is_answered_with_what_was_sent_and_the_time(edition: Edition) -> None:
    socket = await connected()

    await socket.send({"type": "ping", "sent": 1234.5})
    message = await socket.receive()

    assert (message["type"], message["sent"]) == ("pong", 1234.5)
    assert abs(message["now"] - time.time() * 1000) < 5_000
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "7", '{"type": "resume", "after": "1"}', "[" * 4_000]
)
async def test_invalid_messages_are_ignored(edition: Edition, text: str) -> None:
    socket = await connected()

    await socket.send(text)

    assert await socket.receive_all() == []
    await socket.send({"type": "ping", "sent": {"long": "text"}})
    assert (await socket.receive())["sent"] is None
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_message_arrives_as_it_is_stored(edition: Edition) -> None:
    socket = await connected()

    await database_sync_to_async(publish)(live.EVERYONE, "window.changed", team=3, state="complete")
    message = await socket.receive()

    stored = await database_sync_to_async(LiveMessage.objects.get)()
    assert message == live.as_dict(stored)
    assert (message["type"], message["data"]) == (
        "window.changed",
        {"team": 3, "state": "complete"},
    )
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_resume_brings_what_was_missed_with_an_overlap(edition: Edition) -> None:
    for number in range(3):
        await database_sync_to_async(publish)(live.EVERYONE, number=number)
    seen = (await database_sync_to_async(list)(LiveMessage.objects.order_by("id")))[1]
    socket = await connected()

    await socket.send({"type": "resume", "after": seen.pk})
    found = await socket.receive_all()

    # All three are within the overlap: those already received come again.
    assert [m["data"].get("number") for m in found] == [0, 1, 2, None]
    assert found[-1]["type"] == "live.resumed"
    assert found[-1]["id"] == seen.pk + 1
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_resume_longer_than_the_queue_does_not_close_the_socket(
    edition: Edition,
) -> None:
    rows = [
        LiveMessage(audiences="|everyone|", type="test.said", at=clock.now())
        for _ in range(socket_connection.MAX_QUEUED * 2)
    ]
    await database_sync_to_async(LiveMessage.objects.bulk_create)(rows)
    socket = await connected()

    await socket.send({"type": "resume", "after": 0})
    found = await socket.receive_all()

    assert len(found) == len(rows) + 1
    assert found[-1]["type"] == "live.resumed"
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize("after", [-1, 2**70])
async def test_a_resume_from_an_impossible_id_is_harmless(edition: Edition, after: int) -> None:
    socket = await connected()

    await socket.send({"type": "resume", "after": after})

    assert await socket.receive_types() == ["live.resumed"]
    await socket.disconnect()


# ---------------------------------------------------------------- audiences


@pytest.mark.asyncio
async def test_each_user_receives_their_own_audiences_only(
    comunik: Team, pixels: Team, dan: Juror, diane: Juror, ben: User, cleo: User, eve: User
) -> None:
    department, other = comunik.department_id, pixels.department_id
    audiences = {
        "everyone": live.EVERYONE,
        "organizers": live.ORGANIZERS,
        "comunik": live.team_audience(comunik.pk),
        "pixels": live.team_audience(pixels.pk),
        "infocom": live.department_audience(department),
        "info": live.department_audience(other),
        "jury of infocom": live.jury_audience(department),
        "jury of info": live.jury_audience(other),
    }
    people = {
        None: {"everyone"},
        ben: {"everyone", "infocom", "comunik"},
        cleo: {"everyone", "info", "pixels"},
        dan.user: {"everyone", "infocom", "jury of infocom"},
        diane.user: {"everyone", "infocom", "jury of infocom"},
        eve: {"everyone", "organizers"},
    }
    sockets = {user: await connected(user) for user in people}

    for name, audience in audiences.items():
        await database_sync_to_async(publish)(audience, name=name)

    for user, expected in people.items():
        assert {m["data"]["name"] for m in await sockets[user].receive_all()} == expected, user
        await sockets[user].send({"type": "resume", "after": 0})
        again = await sockets[user].receive_all()
        names = {m["data"]["name"] for m in again if m["type"] == "test.said"}
        assert names == expected, user
    await asyncio.gather(*(socket.disconnect() for socket in sockets.values()))


@pytest.mark.asyncio
async def test_a_member_of_another_edition_receives_nothing_of_the_team(
    comunik: Team, ada: User
) -> None:
    await database_sync_to_async(Edition.objects.update)(is_current=False)
    socket = await connected(ada)

    await database_sync_to_async(publish)(live.team_audience(comunik.pk))

    assert await socket.receive_all() == []
    await socket.disconnect()


@pytest.mark.asyncio
async def test_an_inactive_user_receives_what_is_public(comunik: Team, ada: User) -> None:
    cookie = await database_sync_to_async(cookie_of)(ada)
    await database_sync_to_async(User.objects.filter(pk=ada.pk).update)(is_active=False)
    socket = await connected(cookie=cookie)

    await database_sync_to_async(publish)(live.team_audience(comunik.pk))

    assert await socket.receive_all() == []
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_removed_member_receives_nothing_of_the_team(
    comunik: Team, ben: User, ada: User
) -> None:
    left, stays = await connected(ben), await connected(ada)
    place = await database_sync_to_async(comunik.memberships.get)(user=ben)
    before = comunik.edition.registration_closes_at

    await database_sync_to_async(membership.remove)(
        membership=place,
        by=await database_sync_to_async(comunik.edition.organizers.get)(),
        at=before,
    )
    await left.receive_all()
    await stays.receive_all()
    await database_sync_to_async(publish)(live.team_audience(comunik.pk))
    await database_sync_to_async(publish)(live.EVERYONE, "still.here")

    assert await left.receive_types() == ["still.here"]
    assert await stays.receive_types() == ["test.said", "still.here"]
    await asyncio.gather(left.disconnect(), stays.disconnect())


@pytest.mark.asyncio
async def test_a_message_published_while_rights_are_read_again_is_not_lost(
    comunik: Team, ada: User
) -> None:
    socket = await connected(ada)

    def change_and_publish() -> None:
        with transaction.atomic():
            live.refresh_rights(ada.pk)
            live.publish(live.team_audience(comunik.pk), "test.said", {}, at=clock.now())

    await database_sync_to_async(change_and_publish)()

    assert "test.said" in await socket.receive_types()
    await socket.disconnect()


@pytest.mark.asyncio
async def test_nothing_is_received_after_a_rollback(edition: Edition) -> None:
    socket = await connected()

    def fail() -> None:
        with transaction.atomic():
            live.publish(live.EVERYONE, "test.said", {}, at=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database_sync_to_async(fail)()

    assert await socket.receive_all() == []
    await socket.send({"type": "resume", "after": 0})
    assert await socket.receive_types() == ["live.resumed"]
    await socket.disconnect()


@pytest.mark.asyncio
async def test_an_announcement_reaches_only_its_audience(
    infocom: Department, comunik: Team, pixels: Team, ada: User, cleo: User, eve: User
) -> None:
    sockets = {user: await connected(user) for user in (ada, cleo, eve, None)}

    await database_sync_to_async(announce)(
        edition=infocom.edition,
        audience=live.department_audience(infocom.pk),
        audience_label=infocom.name,
        body="**Salle 104**",
        by=eve,
        at=clock.now(),
    )

    for user, expected in {ada: 1, cleo: 0, eve: 1, None: 0}.items():
        found = await sockets[user].receive_all()
        assert [m["type"] for m in found] == ["announcement.published"] * expected, user
        assert all("<strong>Salle 104</strong>" in m["data"]["html"] for m in found)
    await asyncio.gather(*(socket.disconnect() for socket in sockets.values()))


# ---------------------------------------------------------------- the handshake


@pytest.mark.asyncio
async def test_without_the_database_the_socket_is_closed_to_try_again(
    comunik: Team, ada: User
) -> None:
    socket = await connected(ada)

    def fail(*_: object) -> None:
        raise OperationalError("the database is away")

    with await database_sync_to_async(lambda: connection.execute_wrapper(fail))():
        await hub.deliver([{"user": ada.pk}])
        assert await socket.close_code() == socket_connection.CLOSE_TRY_AGAIN


@pytest.mark.asyncio
async def test_a_program_authenticates_with_its_token(comunik: Team, ada: User) -> None:
    secret = await database_sync_to_async(make_token)(ada)
    socket = await connected(authorization=f"Token {secret}")

    await database_sync_to_async(publish)(live.team_audience(comunik.pk))

    assert await socket.receive_types() == ["test.said"]
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_bad_token_is_closed_for_good(edition: Edition) -> None:
    socket = SocketClient(authorization="Token 0123456789")
    await socket.connect()

    assert await socket.close_code() == socket_connection.CLOSE_BAD_TOKEN


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        ("http://testserver", True),
        ("http://testserver:80", True),
        ("http://trusted.example", True),
        ("https://evil.example", False),
        ("http://testserver:9999", False),
        ("https://testserver", False),
        ("http://localhost", False),  # an allowed host, but not this one
        ("null", False),
    ],
)
async def test_pages_of_other_sites_are_refused(
    edition: Edition, origin: str, accepted: bool, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["http://trusted.example"]
    socket = SocketClient(origin=origin)

    is_accepted = await socket.connect()

    assert is_accepted is accepted
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_not_echoed(edition: Edition, number: str) -> None:
    socket = await connected()

    await socket.send(f'{{"type": "ping", "sent": {number}}}')

    texts = [message.get("sent") for message in await socket.receive_all()]
    assert texts in ([], [None])
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_long_frame_closes_the_socket(edition: Edition) -> None:
    socket = await connected()

    await socket.send('{"type": "ping", "x": "' + "x" * 5000 + '"}')

    assert await socket.close_code() == 1009


@pytest.mark.asyncio
async def test_a_flood_of_messages_closes_the_socket(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_connection, "MESSAGES_AT_ONCE", 3)
    monkeypatch.setattr(socket_connection, "MESSAGES_PER_SECOND", 10)
    socket = await connected()

    for _message in range(3):
        await socket.send({"type": "ping", "sent": 1})
    await asyncio.sleep(0.25)  # room for two more
    await socket.send({"type": "ping", "sent": 2})
    answers = [message["sent"] for message in await socket.receive_all()]
    for _message in range(50):
        await socket.send({"type": "ping", "sent": 3})
    events = [await socket.receive_output(5)]
    while events[-1]["type"] == "websocket.send":
        events.append(await socket.receive_output(5))

    assert answers == [1, 1, 1, 2]
    assert events[-1]["code"] == socket_connection.CLOSE_TOO_MANY
    assert len(events) < 20
    await socket.disconnect()


@pytest.mark.asyncio
async def test_one_person_has_a_limited_number_of_sockets(
    edition: Edition, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hackathon.core.sockets.connection.MAX_PER_USER", 2)
    monkeypatch.setattr("hackathon.core.sockets.connection.MAX_ANONYMOUS", 1)
    sockets = [await connected(ada), await connected(ada), await connected(ben), await connected()]
    headers = {"cookie": await database_sync_to_async(cookie_of)(ada)}
    third, stranger = SocketClient(**headers), SocketClient()

    codes = []
    for socket in (third, stranger):
        assert await socket.connect()
        codes.append(await socket.close_code())
    await sockets[0].disconnect()
    again = await connected(ada)

    assert codes == [1013, 1013]
    for socket in [*sockets[1:], again]:
        await socket.disconnect()
