"""The live socket: the protocol and the audiences."""

import asyncio
import time

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.models import LiveMessage
from hackathon.base.live import connection as socket_connection
from hackathon.base.live import hub, messages
from hackathon.base.live.audiences import (
    EVERYONE,
    ORGANIZERS,
    department_audience,
    jury_audience,
    team_audience,
)
from hackathon.day.announcements.services.announcements import announce
from hackathon.event.editions.models import Edition
from teams.services import membership
from tests.site.sockets import SocketClient, connected, cookie_of, publish

pytestmark = pytest.mark.django_db(transaction=True)


# ---------------------------------------------------------------- the protocol


@pytest.mark.asyncio
async def test_ready_has_the_newest_id_and_the_time_of_the_server(edition):
    await database_sync_to_async(publish)(EVERYONE)
    newest = await database_sync_to_async(messages.last_id)()

    before = time.time() * 1000
    socket = SocketClient()
    await socket.connect()
    message = await socket.receive()

    assert message["type"] == "live.ready"
    assert message["id"] == newest > 0
    assert before - 1 <= message["data"]["now"] <= time.time() * 1000 + 1
    await socket.disconnect()


@pytest.mark.asyncio
async def test_ping_is_answered_with_what_was_sent_and_the_time(edition):
    socket = await connected()

    before = time.time() * 1000
    await socket.send({"type": "ping", "sent": 1234.5})
    message = await socket.receive()

    assert (message["type"], message["sent"]) == ("pong", 1234.5)
    assert before - 1 <= message["now"] <= time.time() * 1000 + 1
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "7", '{"type": "resume", "after": "1"}', "[" * 4_000]
)
async def test_invalid_messages_are_ignored(edition, text):
    socket = await connected()

    await socket.send(text)

    assert await socket.receive_all() == []
    await socket.send({"type": "ping", "sent": {"long": "text"}})
    assert (await socket.receive())["sent"] is None
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_message_arrives_as_it_is_stored(edition):
    socket = await connected()

    await database_sync_to_async(publish)(EVERYONE, "window.changed", team=3, state="complete")
    message = await socket.receive()

    stored = await database_sync_to_async(LiveMessage.objects.get)()
    assert message == messages.as_dict(stored)
    assert (message["type"], message["data"]) == (
        "window.changed",
        {"team": 3, "state": "complete"},
    )
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_client_does_not_get_what_it_does_not_use(edition):
    write = database_sync_to_async(publish)
    await write(EVERYONE, "window.changed", number=1)
    await write(EVERYONE, "results.published", number=2)
    socket = await connected()

    await socket.send(
        {"type": "resume", "after": 0, "without": ["window.changed", 7, {"a": "list"}]}
    )
    missed = await socket.receive_until("live.resumed")
    await write(EVERYONE, "window.changed", number=3)
    await write(EVERYONE, "results.published", number=4)
    since = await socket.receive_all()

    assert [m["data"]["number"] for m in missed if "number" in m["data"]] == [2]
    assert [m["data"]["number"] for m in since if "number" in m["data"]] == [4]
    await socket.disconnect()


@pytest.mark.database
@pytest.mark.asyncio
async def test_a_resume_brings_what_was_missed_with_an_overlap(edition):
    for number in range(3):
        await database_sync_to_async(publish)(EVERYONE, number=number)
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
async def test_pages_that_fetch_because_of_a_message_take_a_third_of_the_machine(
    edition, comunik, ada, monkeypatch
):
    monkeypatch.setattr(hub, "FETCH_SECONDS", 0.8)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    sockets = [await connected(user) for user in (ada, None, None)]

    await database_sync_to_async(publish)(EVERYONE)
    await database_sync_to_async(publish)(team_audience(comunik.pk))

    found = [await socket.receive_all() for socket in sockets]
    # 2.4 seconds of work over 3.6 seconds of two processors.
    assert [[m.get("spread") for m in each] for each in found] == [[3600, None], [3600], [3600]]
    await asyncio.gather(*(socket.disconnect() for socket in sockets))


@pytest.mark.asyncio
async def test_a_page_to_which_no_older_message_can_come_gets_only_newer_ones(edition):
    """Otherwise each page would fetch itself for what was published just before it was made."""
    for number in range(3):
        await database_sync_to_async(publish)(EVERYONE, number=number)
    seen = (await database_sync_to_async(list)(LiveMessage.objects.order_by("id")))[1]
    socket = await connected()

    await socket.send({"type": "resume", "after": seen.pk, "settled": True})
    found = await socket.receive_all()

    assert [m["data"].get("number") for m in found] == [2, None]
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_resume_longer_than_the_queue_does_not_close_the_socket(edition):
    rows = [
        LiveMessage(audiences="|everyone|", type="test.published", at=clock.now())
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
async def test_a_resume_from_an_impossible_id_is_harmless(edition, after):
    socket = await connected()

    await socket.send({"type": "resume", "after": after})

    assert await socket.receive_types() == ["live.resumed"]
    await socket.disconnect()


# ---------------------------------------------------------------- audiences


@pytest.mark.asyncio
async def test_each_user_receives_their_own_audiences_only(
    comunik, pixels, dan, diane, ben, cleo, eve
):
    department, other = comunik.department_id, pixels.department_id
    audiences = {
        "everyone": EVERYONE,
        "organizers": ORGANIZERS,
        "comunik": team_audience(comunik.pk),
        "pixels": team_audience(pixels.pk),
        "infocom": department_audience(department),
        "info": department_audience(other),
        "jury of infocom": jury_audience(department),
        "jury of info": jury_audience(other),
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
        names = {m["data"]["name"] for m in again if m["type"] == "test.published"}
        assert names == expected, user
    await asyncio.gather(*(socket.disconnect() for socket in sockets.values()))


@pytest.mark.asyncio
async def test_a_member_of_another_edition_receives_nothing_of_the_team(comunik, ada):
    await database_sync_to_async(Edition.objects.update)(is_current=False)
    socket = await connected(ada)

    await database_sync_to_async(publish)(team_audience(comunik.pk))

    assert await socket.receive_all() == []
    await socket.disconnect()


@pytest.mark.asyncio
async def test_an_inactive_user_receives_what_is_public(comunik, ada):
    cookie = await database_sync_to_async(cookie_of)(ada)
    await database_sync_to_async(User.objects.filter(pk=ada.pk).update)(is_active=False)
    socket = await connected(cookie=cookie)

    await database_sync_to_async(publish)(team_audience(comunik.pk))

    assert await socket.receive_all() == []
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_removed_member_receives_nothing_of_the_team(comunik, ben, ada):
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
    await database_sync_to_async(publish)(team_audience(comunik.pk))
    await database_sync_to_async(publish)(EVERYONE, "still.here")

    # On a slow machine the message about their rights comes only now.
    received = [message["type"] for message in await left.receive_until("still.here")]
    assert set(received) <= {"live.rights", "still.here"}
    assert await stays.receive_types() == ["test.published", "still.here"]
    await asyncio.gather(left.disconnect(), stays.disconnect())


@pytest.mark.database
@pytest.mark.asyncio
async def test_a_message_published_while_rights_are_read_again_is_not_lost(comunik, ada):
    socket = await connected(ada)

    def change_and_publish() -> None:
        with transaction.atomic():
            messages.refresh_rights(ada.pk)
            messages.publish(team_audience(comunik.pk), "test.published", {}, at=clock.now())

    await database_sync_to_async(change_and_publish)()

    assert "test.published" in await socket.receive_types()
    await socket.disconnect()


@pytest.mark.database
@pytest.mark.asyncio
async def test_nothing_is_received_after_a_rollback(edition):
    socket = await connected()

    def fail() -> None:
        with transaction.atomic():
            messages.publish(EVERYONE, "test.published", {}, at=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database_sync_to_async(fail)()

    assert await socket.receive_all() == []
    await socket.send({"type": "resume", "after": 0})
    assert await socket.receive_types() == ["live.resumed"]
    await socket.disconnect()


@pytest.mark.asyncio
async def test_an_announcement_reaches_only_its_audience(infocom, comunik, pixels, ada, cleo, eve):
    sockets = {user: await connected(user) for user in (ada, cleo, eve, None)}

    await database_sync_to_async(announce)(
        edition=infocom.edition,
        audience=department_audience(infocom.pk),
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
