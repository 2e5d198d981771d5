"""Who may open a socket, with what, and how much it may send."""

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import OperationalError, connection

from hackathon.base.live import connection as socket_connection
from hackathon.base.live.audiences import team_audience
from hackathon.base.live.hub import hub
from tests.site.sockets import TIMEOUT, SocketClient, connected, cookie_of, publish
from tests.tokens import make_token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.asyncio
async def test_without_the_database_the_socket_is_closed_to_try_again(comunik, ada):
    socket = await connected(ada)

    def fail(*_: object) -> None:
        raise OperationalError("the database is away")

    with await database_sync_to_async(lambda: connection.execute_wrapper(fail))():
        await hub.deliver([{"user": ada.pk}])
        assert await socket.close_code() == socket_connection.CLOSE_TRY_AGAIN


@pytest.mark.asyncio
async def test_a_program_authenticates_with_its_token(comunik, ada):
    secret = await database_sync_to_async(make_token)(ada)
    socket = await connected(authorization=f"Token {secret}")

    await database_sync_to_async(publish)(team_audience(comunik.pk))

    assert await socket.receive_types() == ["test.published"]
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_bad_token_is_closed_for_good(edition):
    socket = SocketClient(authorization="Token 0123456789")
    await socket.connect()

    assert await socket.close_code() == socket_connection.CLOSE_BAD_TOKEN


@pytest.mark.asyncio
async def test_a_cookie_with_nul_is_anonymous(edition):
    """The handshakes of many people are read together: one must not make all fail."""
    socket = await connected(cookie=f'{settings.SESSION_COOKIE_NAME}="{"a" * 31}\\000"')

    assert socket.ready_message["data"]["signed_in"] is False
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_socket_at_an_unknown_address_is_refused():
    """Without a route uvicorn answers 500 and logs a traceback."""
    socket = SocketClient()
    socket.scope["path"] = "/ws/"

    assert not await socket.connect()


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
async def test_pages_of_other_sites_are_refused(edition, origin, accepted, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["http://trusted.example"]
    socket = SocketClient(origin=origin)

    is_accepted = await socket.connect()

    assert is_accepted is accepted
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
async def test_an_invalid_number_is_not_echoed(edition, number):
    socket = await connected()

    await socket.send(f'{{"type": "ping", "sent": {number}}}')

    texts = [message.get("sent") for message in await socket.receive_all()]
    assert texts in ([], [None])
    await socket.disconnect()


@pytest.mark.asyncio
@pytest.mark.parametrize("language", [{}, [], None, 1, "xx"])
async def test_an_unknown_language_shows_no_fragment(edition, language):
    socket = await connected()

    await socket.send({"type": "resume", "after": 0, "shows": ["bar"], "language": language})
    types = [message["type"] for message in await socket.receive_all()]

    assert "live.resumed" in types
    await socket.disconnect()


@pytest.mark.asyncio
async def test_a_long_frame_closes_the_socket(edition):
    socket = await connected()

    await socket.send('{"type": "ping", "x": "' + "x" * 5000 + '"}')

    assert await socket.close_code() == 1009


@pytest.mark.asyncio
async def test_a_flood_of_messages_closes_the_socket(edition, monkeypatch):
    monkeypatch.setattr(socket_connection, "MESSAGES_AT_ONCE", 3)
    monkeypatch.setattr(socket_connection, "MESSAGES_PER_SECOND", 10)
    now = [100.0]
    monkeypatch.setattr(socket_connection.time, "monotonic", lambda: now[0])
    socket = await connected()

    for _message in range(3):
        await socket.send({"type": "ping", "sent": 1})
    answers = [message["sent"] for message in await socket.receive_all()]
    now[0] += 0.25  # room for two more
    for _message in range(50):
        await socket.send({"type": "ping", "sent": 2})
    events = [await socket.receive_output(TIMEOUT)]
    while events[-1]["type"] == "websocket.send":
        events.append(await socket.receive_output(TIMEOUT))

    assert answers == [1, 1, 1]
    assert events[-1]["code"] == socket_connection.CLOSE_TOO_MANY
    assert [event["type"] for event in events[:-1]] == ["websocket.send"] * 2
    await socket.disconnect()


@pytest.mark.asyncio
async def test_one_person_has_a_limited_number_of_sockets(edition, ada, ben, monkeypatch):
    monkeypatch.setattr("hackathon.base.live.connection.MAX_PER_USER", 2)
    monkeypatch.setattr("hackathon.base.live.connection.MAX_ANONYMOUS", 1)
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
