"""A socket in the test's own process. (channels.testing wants daphne, which we don't run.)"""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from django.test import Client

from hackathon.accounts.models import User
from hackathon.core import clock, live
from hackathon.routing import websocket

QUIET = 0.15  # seconds of silence after which nothing more is expected
PATIENCE = 5


def cookie_of(user: User) -> str:
    """The session cookie of a browser in which `user` is signed in."""
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


class Ear(ApplicationCommunicator):
    """One connection to `/ws/live/`."""

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

    said_ready: dict[str, Any]

    async def connect(self) -> bool:
        """Whether the handshake was accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def disconnect(self) -> None:
        """Go away as a closed page does."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)

    async def say(self, message: Any) -> None:
        """Send JSON, or a text as it is."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        return json.loads((await self.receive_output(PATIENCE))["text"])

    async def closed(self) -> int:
        """The code with which it is closed, which is the next thing that happens."""
        said = await self.receive_output(PATIENCE)
        assert said["type"] == "websocket.close", said
        await self.disconnect()
        return said["code"]

    async def hear_all(self) -> list[dict[str, Any]]:
        """Everything that comes until it is quiet."""
        found = []
        while not await self.receive_nothing(QUIET, 0.01):
            found.append(await self.hear())
        return found

    async def types(self) -> list[str]:
        """The types of what comes until it is quiet."""
        return [message["type"] for message in await self.hear_all()]


async def ready(user: User | None = None, **headers: str) -> Ear:
    """A socket of `user` that has been told it is ready."""
    if user is not None:
        headers["cookie"] = await database_sync_to_async(cookie_of)(user)
    ear = Ear(**headers)
    assert await ear.connect()
    ear.said_ready = await ear.hear()
    assert ear.said_ready["type"] == "live.ready"
    return ear


def tell(audience: str, kind: str = "test.said", **data: Any) -> None:
    """Publish as a service does."""
    with transaction.atomic():
        live.publish(audience, kind, data, at=clock.now())
