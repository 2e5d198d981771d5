"""The live socket: who hears what, what a page missed, and what happens to a slow one."""

import asyncio
import time

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError, connection, transaction
from knox.models import AuthToken

from hackathon.accounts.models import User
from hackathon.announcements.services import announce
from hackathon.core import clock, live
from hackathon.core.models import LiveMessage
from hackathon.core.sockets import connection as consumers
from hackathon.core.sockets.hub import hub
from hackathon.editions.live import department_audience, jury_audience
from hackathon.editions.models import Department, Edition
from judging.models import Juror
from teams.live import team_audience
from teams.models import Team
from teams.services import membership
from tests.dashboard.sockets import Ear, cookie_of, ready, tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


# ---------------------------------------------------------------- the protocol


@pytest.mark.asyncio
async def test_ready_says_the_newest_message_and_the_servers_time(edition: Edition) -> None:
    await database_sync_to_async(tell)(live.EVERYONE)
    newest = await database_sync_to_async(live.last_id)()

    ear = Ear()
    await ear.connect()
    message = await ear.hear()

    assert message["type"] == "live.ready"
    assert message["id"] == newest > 0
    assert abs(message["data"]["now"] - time.time() * 1000) < 5_000
    await ear.disconnect()


@pytest.mark.asyncio
async def test_ping_is_answered_with_what_was_sent_and_the_time(edition: Edition) -> None:
    ear = await ready()

    await ear.say({"type": "ping", "sent": 1234.5})
    message = await ear.hear()

    assert (message["type"], message["sent"]) == ("pong", 1234.5)
    assert abs(message["now"] - time.time() * 1000) < 5_000
    await ear.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "7", '{"type": "resume", "after": "1"}', "[" * 100_000]
)
async def test_what_is_not_understood_is_ignored(edition: Edition, text: str) -> None:
    ear = await ready()

    await ear.say(text)

    assert await ear.hear_all() == []
    await ear.say({"type": "ping", "sent": {"long": "text"}})
    assert (await ear.hear())["sent"] is None
    await ear.disconnect()


@pytest.mark.asyncio
async def test_a_message_arrives_as_it_is_kept(edition: Edition) -> None:
    ear = await ready()

    await database_sync_to_async(tell)(live.EVERYONE, "window.changed", team=3, state="complete")
    message = await ear.hear()

    kept = await database_sync_to_async(LiveMessage.objects.get)()
    assert message == live.as_dict(kept)
    assert (message["type"], message["data"]) == (
        "window.changed",
        {"team": 3, "state": "complete"},
    )
    await ear.disconnect()


@pytest.mark.asyncio
async def test_a_resume_brings_what_was_missed_with_an_overlap(edition: Edition) -> None:
    for number in range(3):
        await database_sync_to_async(tell)(live.EVERYONE, number=number)
    seen = (await database_sync_to_async(list)(LiveMessage.objects.order_by("id")))[1]
    ear = await ready()

    await ear.say({"type": "resume", "after": seen.pk})
    found = await ear.hear_all()

    # All three are of the last seconds: those already seen come again, and the client knows them.
    assert [m["data"].get("number") for m in found] == [0, 1, 2, None]
    assert found[-1]["type"] == "live.resumed"
    assert found[-1]["id"] == seen.pk + 1
    await ear.disconnect()


@pytest.mark.asyncio
async def test_a_resume_longer_than_the_queue_does_not_pass_for_a_slow_socket(
    edition: Edition,
) -> None:
    rows = [
        LiveMessage(audiences="|everyone|", type="test.said", at=clock.now())
        for _ in range(consumers.MAX_QUEUED * 2)
    ]
    await database_sync_to_async(LiveMessage.objects.bulk_create)(rows)
    ear = await ready()

    await ear.say({"type": "resume", "after": 0})
    found = await ear.hear_all()

    assert len(found) == len(rows) + 1
    assert found[-1]["type"] == "live.resumed"
    await ear.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize("after", [-1, 2**70])
async def test_a_resume_from_nowhere_is_harmless(edition: Edition, after: int) -> None:
    ear = await ready()

    await ear.say({"type": "resume", "after": after})

    assert await ear.types() == ["live.resumed"]
    await ear.disconnect()


# ---------------------------------------------------------------- who hears what


@pytest.mark.asyncio
async def test_everybody_hears_their_own_audiences_and_nothing_else(
    comunik: Team, pixels: Team, dan: Juror, diane: Juror, ben: User, cleo: User, eve: User
) -> None:
    department, other = comunik.department_id, pixels.department_id
    audiences = {
        "everyone": live.EVERYONE,
        "organizers": live.ORGANIZERS,
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
    ears = {user: await ready(user) for user in people}

    for name, audience in audiences.items():
        await database_sync_to_async(tell)(audience, name=name)

    for user, expected in people.items():
        assert {m["data"]["name"] for m in await ears[user].hear_all()} == expected, user
        await ears[user].say({"type": "resume", "after": 0})
        again = [m["data"]["name"] for m in await ears[user].hear_all() if m["type"] == "test.said"]
        assert set(again) == expected, user
    await asyncio.gather(*(ear.disconnect() for ear in ears.values()))


@pytest.mark.asyncio
async def test_somebody_of_another_edition_is_an_outsider(comunik: Team, ada: User) -> None:
    await database_sync_to_async(Edition.objects.update)(is_current=False)
    ear = await ready(ada)

    await database_sync_to_async(tell)(team_audience(comunik.pk))

    assert await ear.hear_all() == []
    await ear.disconnect()


@pytest.mark.asyncio
async def test_whose_account_is_closed_hears_what_is_public(comunik: Team, ada: User) -> None:
    cookie = await database_sync_to_async(cookie_of)(ada)
    await database_sync_to_async(User.objects.filter(pk=ada.pk).update)(is_active=False)
    ear = await ready(cookie=cookie)

    await database_sync_to_async(tell)(team_audience(comunik.pk))

    assert await ear.hear_all() == []
    await ear.disconnect()


@pytest.mark.asyncio
async def test_who_leaves_a_team_hears_it_no_more(comunik: Team, ben: User, ada: User) -> None:
    left, stays = await ready(ben), await ready(ada)
    place = await database_sync_to_async(comunik.memberships.get)(user=ben)
    before = comunik.edition.registration_closes_at

    await database_sync_to_async(membership.remove)(
        membership=place,
        by=await database_sync_to_async(comunik.edition.organizers.get)(),
        at=before,
    )
    await left.hear_all()
    await stays.hear_all()
    await database_sync_to_async(tell)(team_audience(comunik.pk))
    await database_sync_to_async(tell)(live.EVERYONE, "still.here")

    assert await left.types() == ["still.here"]
    assert await stays.types() == ["test.said", "still.here"]
    await asyncio.gather(left.disconnect(), stays.disconnect())


@pytest.mark.asyncio
async def test_what_is_said_while_rights_are_asked_again_is_not_lost(
    comunik: Team, ada: User
) -> None:
    ear = await ready(ada)

    def change_and_say() -> None:
        with transaction.atomic():
            live.refresh_rights(ada.pk)
            live.publish(team_audience(comunik.pk), "test.said", {}, at=clock.now())

    await database_sync_to_async(change_and_say)()

    assert "test.said" in await ear.types()
    await ear.disconnect()


@pytest.mark.asyncio
async def test_nothing_is_heard_of_what_was_rolled_back(edition: Edition) -> None:
    ear = await ready()

    def fail() -> None:
        with transaction.atomic():
            live.publish(live.EVERYONE, "test.said", {}, at=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database_sync_to_async(fail)()

    assert await ear.hear_all() == []
    await ear.say({"type": "resume", "after": 0})
    assert await ear.types() == ["live.resumed"]
    await ear.disconnect()


@pytest.mark.asyncio
async def test_an_announcement_reaches_only_its_audience(
    infocom: Department, comunik: Team, pixels: Team, ada: User, cleo: User, eve: User
) -> None:
    ears = {user: await ready(user) for user in (ada, cleo, eve, None)}

    await database_sync_to_async(announce)(
        edition=infocom.edition,
        audience=department_audience(infocom.pk),
        audience_label=infocom.name,
        body="**Salle 104**",
        by=eve,
        at=clock.now(),
    )

    for user, expected in {ada: 1, cleo: 0, eve: 1, None: 0}.items():
        found = await ears[user].hear_all()
        assert [m["type"] for m in found] == ["announcement.published"] * expected, user
        assert all("<strong>Salle 104</strong>" in m["data"]["html"] for m in found)
    await asyncio.gather(*(ear.disconnect() for ear in ears.values()))


# ---------------------------------------------------------------- the door


@pytest.mark.asyncio
async def test_a_database_that_does_not_answer_sends_away_for_now(comunik: Team, ada: User) -> None:
    ear = await ready(ada)

    def away(*_: object) -> None:
        raise OperationalError("the database is away")

    with await database_sync_to_async(lambda: connection.execute_wrapper(away))():
        await hub.deliver([{"user": ada.pk}])
        assert await ear.closed() == consumers.CLOSE_TRY_AGAIN


@pytest.mark.asyncio
async def test_a_program_is_let_in_by_its_token(comunik: Team, ada: User) -> None:
    _token, secret = await database_sync_to_async(AuthToken.objects.create)(ada)
    ear = await ready(authorization=f"Token {secret}")

    await database_sync_to_async(tell)(team_audience(comunik.pk))

    assert await ear.types() == ["test.said"]
    await ear.disconnect()


@pytest.mark.asyncio
async def test_a_bad_token_is_closed_for_good(edition: Edition) -> None:
    ear = Ear(authorization="Token 0123456789")
    await ear.connect()

    assert await ear.closed() == consumers.CLOSE_BAD_TOKEN


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("origin", "let_in"),
    [("http://testserver", True), ("https://evil.example", False), ("null", False)],
)
async def test_pages_of_other_sites_are_refused(
    edition: Edition, origin: str, let_in: bool
) -> None:
    ear = Ear(origin=origin)

    connected = await ear.connect()

    assert connected is let_in
    await ear.disconnect()
