"""One connection of `/ws/live/`. It never writes, and asks the database only when it opens,
resumes, or when the rights of its user change.
"""

import asyncio
import json
from abc import ABC, abstractmethod
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import OriginValidator

from hackathon.core import clock, live
from hackathon.core.hub import hub

# A socket with this many unsent messages is dropped; it resumes from its last id.
QUEUE_BOUND = 200
CLOSE_SLOW = 4001  # 4000-4099: come back; 4100-4199: do not
CLOSE_BAD_TOKEN = 4101


class HubConsumer(AsyncWebsocketConsumer, ABC):
    """Authorises on connect, subscribes to the hub, forwards, answers pings and resumes.

    The site's subclass says which audiences a user belongs to.
    """

    user_pk: int | None = None
    _rights_version = 0
    _dropped = False

    @abstractmethod
    def audiences(self, user: Any) -> list[str]:
        """What this user may hear, by a fixed number of queries."""

    @abstractmethod
    def confirmed(self, pk: int) -> None:
        """The page says that it has what number `pk` of the site's was about. Without waiting."""

    async def connect(self) -> None:
        """Accept, subscribe, and only then say which id is the newest: nothing falls between."""
        await self.accept()
        if self.scope.get("bad_token"):
            await self.close(CLOSE_BAD_TOKEN)
            return
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_BOUND)
        self._tasks = {asyncio.create_task(self._send_queued())}
        self.user_pk = getattr(self.scope.get("user"), "pk", None)
        await hub.listen()
        hub.subscribe(self, ())  # known to the hub: a change of rights from here on is not missed
        await self._learn_rights()
        last = await database_sync_to_async(live.last_id)()
        await self._say("live.ready", id=last, data={"now": _now_ms()})

    async def disconnect(self, code: int) -> None:
        """Leave the hub and stop sending."""
        hub.unsubscribe(self)
        for task in getattr(self, "_tasks", ()):
            task.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer `ping` and `resume`, note `received`; anything else is ignored."""
        try:
            message = json.loads(text_data or "")
        except (ValueError, RecursionError):
            return
        match message:
            case {"type": "ping", **rest}:
                sent = rest.get("sent")
                echo = sent if isinstance(sent, (int, float)) else None
                await self._say("pong", sent=echo, now=_now_ms())
            case {"type": "resume", "after": int(after)}:
                await self._resume(after)
            case {"type": "received", "id": int(pk)}:
                self.confirmed(pk)

    def offer(self, text: str) -> None:
        """Queue a message; a socket that cannot keep up is closed and will resume."""
        if self._dropped:
            return
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self._drop()

    def _drop(self) -> None:
        """Keep nothing for this socket. The close goes out when it can take it, or never."""
        self._dropped = True
        hub.unsubscribe(self)
        for task in tuple(self._tasks):
            task.cancel()
        self._queue = asyncio.Queue()
        self._spawn(self.close(CLOSE_SLOW))

    def recheck(self) -> None:
        """Hear nothing until it is known again what may be heard, then catch up from there."""
        self._rights_version += 1
        hub.subscribe(self, ())
        self._spawn(self._recheck())

    async def _recheck(self) -> None:
        # What is told while the rights are unknown is sent again, thanks to the overlap.
        last = await database_sync_to_async(live.last_id)()
        await self._learn_rights()
        await self._replay(last)

    async def _learn_rights(self) -> None:
        """Ask what may be heard, again if the rights changed while asking, and subscribe to it."""
        while True:
            version = self._rights_version
            audiences = await database_sync_to_async(self.audiences)(self.scope.get("user"))
            if version == self._rights_version:
                hub.subscribe(self, audiences)
                return

    async def _resume(self, after: int) -> None:
        last = await self._replay(after)
        await self._say("live.resumed", id=last, data={})

    async def _replay(self, after: int) -> int:
        """Send what was missed since `after`, at the pace of this socket. Returns the last id."""
        audiences = await database_sync_to_async(self.audiences)(self.scope.get("user"))
        found = await database_sync_to_async(live.missed)(audiences, after=after)
        for message in found:
            # Not through the queue: a long replay would overflow it and pass for a slow socket.
            await self.base_send({"type": "websocket.send", "text": live.encode(message)})
        return found[-1].pk if found else after

    async def _say(self, type_: str, **content: Any) -> None:
        content = {"type": type_, "at": clock.now().isoformat(), **content}
        self.offer(json.dumps(content, separators=(",", ":")))

    async def _send_queued(self) -> None:
        while True:
            text = await self._queue.get()
            # Straight to the server: Channels' dispatch would hop to a thread for each message.
            await self.base_send({"type": "websocket.send", "text": text})

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class SameOrigin(OriginValidator):
    """Refuses other sites' pages; programs, which send no Origin, are let in to authenticate."""

    def valid_origin(self, parsed_origin: Any) -> bool:
        """True without an Origin header or for an allowed one."""
        return parsed_origin is None or super().valid_origin(parsed_origin)


def _now_ms() -> float:
    return clock.now().timestamp() * 1000
