import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from hackathon.base.live import connection
from hackathon.base.live import hub as hub_module
from hackathon.base.live.connection import CLOSE_SLOW, LiveSocket, Rights, RightsBatcher
from hackathon.base.live.hub import Hub

RIGHTS = Rights(audiences=("everyone",), user_pk=1)


class SlowBatcher(RightsBatcher):
    async def rights(self, _headers: object) -> Rights:
        for _turn in range(5):
            await asyncio.sleep(0)
        return RIGHTS


class Socket(LiveSocket):
    """`sent`: texts of messages, and codes of closing. `during` is called with each of them."""

    def __init__(self) -> None:
        super().__init__(
            SlowBatcher(lambda _: []), lambda *_: None, {"headers": []}, None, self._sent
        )
        self.sent: list[Any] = []
        self.during: Callable[[], None] = lambda: None
        self._rights = RIGHTS

    async def _sent(self, message: dict[str, Any]) -> None:
        self.sent.append(message.get("text", message.get("code")))
        self.during()


def event(pk: int) -> dict[str, Any]:
    return {
        "id": pk,
        "type": "test.sent",
        "audiences": ["everyone"],
        "text": str(pk),
        "deletes": (),
    }


@pytest.fixture
def hub(monkeypatch) -> Hub:
    hub = Hub()
    monkeypatch.setattr(connection, "hub", hub)
    return hub


def test_a_message_that_is_being_sent_while_rights_are_read_again_arrives(hub, monkeypatch):
    monkeypatch.setattr(hub_module, "BATCH_SIZE", 1)
    one, other = sockets = Socket(), Socket()

    async def deliver() -> None:
        one.during, other.during = other.recheck, one.recheck  # of whichever gets it last
        for socket in sockets:
            hub.subscribe(socket, RIGHTS.audiences, RIGHTS.user_pk)
        await hub.deliver([event(1)])
        one.during = other.during = lambda: None
        await asyncio.gather(*(s._rechecking for s in sockets if s._rechecking))

    asyncio.run(deliver())

    assert "1" in one.sent
    assert "1" in other.sent


def test_nothing_follows_the_close_of_a_socket_that_was_too_slow_for_a_replay(hub):
    for pk in (1, 2, 3):
        hub.buffer.add(event(pk))
    socket = Socket()
    socket.during = lambda: socket._close(CLOSE_SLOW)

    asyncio.run(socket._resume(0, is_settled=True))

    assert socket.sent == ["1", CLOSE_SLOW]
