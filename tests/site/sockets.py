"""A client of `/ws/live/` within the test process. (channels.testing needs daphne.)"""

import asyncio
import json
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.live import messages
from hackathon.base.live.hub import hub
from hackathon.routing import websocket
from tests.waiting import pause

SILENT_TURNS = 15  # of the event loop, after which no more comes if nothing is under way
TIMEOUT = 60  # for a message that must come; how soon depends on the machine


def cookie_of(user: User) -> str:
    """The session cookie of a browser in which `user` is signed in."""
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


class SocketClient(ApplicationCommunicator):
    ready_message: dict[str, Any]

    def __init__(self, **headers: str) -> None:
        given = {"host": "testserver", **headers}
        scope = {
            "type": "websocket",
            "path": "/ws/live/",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "subprotocols": [],
        }
        super().__init__(websocket, scope)
        self._resumes = 0  # without an answer yet

    async def connect(self) -> bool:
        """Whether the handshake was accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(TIMEOUT))["type"] == "websocket.accept"

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(TIMEOUT)

    async def send(self, message: Any) -> None:
        """A text as it is, anything else as JSON."""
        text = message if isinstance(message, str) else json.dumps(message)
        self._resumes += isinstance(message, dict) and message["type"] == "resume"
        await self.send_input({"type": "websocket.receive", "text": text})

    async def receive(self) -> dict[str, Any]:
        message = json.loads((await self.receive_output(TIMEOUT))["text"])
        self._resumes -= message["type"] == "live.resumed"
        return message

    async def receive_all(self) -> list[dict[str, Any]]:
        """Also what waits for the database: the answer to a resume, and messages to a socket whose
        rights are being read.
        """
        found = []
        while not await self._is_silent():
            found.append(await self.receive())
        return found

    async def _is_silent(self) -> bool:
        turns = 0
        while self.output_queue.empty() and turns < SILENT_TURNS:
            if self._resumes or rights_are_being_read() or fragments_are_being_sent():
                await pause()
                turns = 0
            else:
                await asyncio.sleep(0)
                turns += 1
        return self.output_queue.empty()

    async def receive_until(self, kind: str) -> list[dict[str, Any]]:
        """Up to the first message of this type."""
        found = [await self.receive()]
        while found[-1]["type"] != kind:
            found.append(await self.receive())
        return found

    async def receive_types(self) -> list[str]:
        return [message["type"] for message in await self.receive_all()]

    async def close_code(self) -> int:
        """Fails unless the next event is that the server closes the connection."""
        event = await self.receive_output(TIMEOUT)
        assert event["type"] == "websocket.close", event
        await self.disconnect()
        return event["code"]


def rights_are_being_read() -> bool:
    """Of any socket."""
    return hub.connections > len(hub.audiences_of_pages())


def fragments_are_being_sent() -> bool:
    sending = hub.fragments._sending
    return sending is not None and not sending.done()


async def connected(user: User | None = None, **headers: str) -> SocketClient:
    """A client that has received `live.ready`."""
    if user is not None:
        headers["cookie"] = await database_sync_to_async(cookie_of)(user)
    client = SocketClient(**headers)
    assert await client.connect()
    client.ready_message = await client.receive()
    assert client.ready_message["type"] == "live.ready"
    return client


def publish(audience: str, kind: str = "test.published", **data: Any) -> None:
    with transaction.atomic():
        messages.publish(audience, kind, data, at=clock.now())
