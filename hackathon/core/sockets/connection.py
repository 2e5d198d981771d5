"""One connection of `/ws/live/`. It never writes, and asks the database only when it opens or when
the rights of its user change; what it missed is in the process's memory.

A plain ASGI application: Channels' consumers would give each socket a channel of its own on the
layer, and so need Redis to open, and hop to a thread for each message. The protocol is in
`docs/live.md`.
"""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.db import database_sync_to_async
from channels.security.websocket import OriginValidator
from django.db import DatabaseError

from hackathon.core import clock, live
from hackathon.core.formats import iso_utc
from hackathon.core.sockets.buffer import BufferedMessage
from hackathon.core.sockets.hub import hub

logger = logging.getLogger(__name__)

# A socket with this many unsent messages is dropped; it resumes from its last id.
QUEUE_BOUND = 200
# 4000-4099: come back; 4100-4199: do not.
CLOSE_SLOW = 4001
CLOSE_SIGNED_OUT = 4002
CLOSE_BAD_TOKEN = 4101
CLOSE_TRY_AGAIN = 1013  # the standard's own word: come back
ASKED_AT_ONCE = 200

NOTED_AT_MOST = 500
MAX_ID = 2**63 - 1

type Headers = Sequence[tuple[bytes, bytes]]
type Note = Callable[[int, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Rights:
    """What a connection may hear, and whose it is (None: whoever). After `until`, ask again."""

    audiences: Sequence[str] = ()
    user_pk: int | None = None
    until: datetime | None = None
    bad_token: bool = False


class RightsBatcher:
    """Asks what connections may hear, in one go for all that are waiting: after a restart they come
    back by the thousand.
    """

    def __init__(self, ask: Callable[[list[Headers]], list[Rights]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[Headers, asyncio.Future[Rights]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def rights(self, headers: Headers) -> Rights:
        """What the connection that came with these headers may hear, as of now."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Rights] = loop.create_future()
        self._waiting.append((headers, answer))
        if self._serving is None or self._serving.done() or self._serving.get_loop() is not loop:
            self._serving = loop.create_task(self._serve())
        return await answer

    async def _serve(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:ASKED_AT_ONCE], self._waiting[ASKED_AT_ONCE:]
            try:
                found = await database_sync_to_async(self._ask)([headers for headers, _ in batch])
            except Exception as error:  # noqa: BLE001 - every connection that waits has to know
                for _headers, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_headers, answer), rights in zip(batch, found, strict=True):
                if not answer.done():
                    answer.set_result(rights)


class LiveSocket:
    """Asks for its rights, subscribes to the hub, forwards, answers pings and resumes."""

    def __init__(
        self, desk: RightsBatcher, note: Note, scope: dict[str, Any], receive: Any, send: Any
    ) -> None:
        self._desk = desk
        self._note = note
        self._noted: set[int] = set()
        self._headers: Headers = scope["headers"]
        self._receive = receive
        self._send = send
        self._queue: deque[dict[str, Any]] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._rights = Rights()
        self._rights_version = 0
        self._ending: asyncio.TimerHandle | None = None
        self._closed = False

    async def run(self) -> None:
        """The connection, from its handshake to its end."""
        await self._receive()  # websocket.connect
        await self._send({"type": "websocket.accept"})
        await hub.listen()
        try:
            # Known to the hub before it asks: no change of rights from here on is missed.
            await self._learn_rights()
            if not self._closed:
                data = {"now": _now_ms(), "signed_in": self._rights.user_pk is not None}
                self._say("live.ready", id=hub.tail.newest, data=data)
            while (message := await self._receive())["type"] == "websocket.receive":
                await self._heard(message.get("text"))
        finally:
            self._closed = True
            hub.unsubscribe(self)
            for pending in (self._sending, self._asking, self._ending):
                if pending is not None:
                    pending.cancel()

    async def _heard(self, text: str | None) -> None:
        """Answer `ping` and `resume`, note `received`; anything else is ignored."""
        try:
            message = json.loads(text or "")
        except (ValueError, RecursionError):
            return
        match message:
            case {"type": "ping", **rest}:
                sent = rest.get("sent")
                echo = sent if isinstance(sent, (int, float)) else None
                self._say("pong", sent=echo, now=_now_ms())
            case {"type": "resume", "after": int(after)}:
                await self._resume(after)
            case {"type": "received", "id": int(pk)}:
                if 0 < pk <= MAX_ID and pk not in self._noted and len(self._noted) < NOTED_AT_MOST:
                    self._noted.add(pk)
                    self._note(pk, self._rights.audiences)

    # ------------------------------------------------------------ sending

    def offer(self, message: dict[str, Any]) -> None:
        """Send a message; one that cannot go out now waits. A socket that cannot keep up is closed
        and will resume.
        """
        if self._closed:
            return
        if len(self._queue) >= QUEUE_BOUND:
            self._close(CLOSE_SLOW)
            return
        self._queue.append(message)
        if self._sending is None:
            self._begin(self._send_queued())

    def _say(self, type_: str, **content: Any) -> None:
        content = {"type": type_, "at": iso_utc(clock.now()), **content}
        text = json.dumps(content, separators=(",", ":"))
        self.offer({"type": "websocket.send", "text": text})

    def _begin(self, sending: Coroutine[Any, Any, None]) -> None:
        # Eager: it runs here until it has to wait for the socket, and most never have to. A task
        # that sleeps on a queue for each socket would cost twice as much a message.
        task = asyncio.Task(sending, loop=asyncio.get_running_loop(), eager_start=True)
        self._sending = None if task.done() else task

    async def _send_queued(self) -> None:
        with contextlib.suppress(OSError):  # it has gone; `run` hears of that
            while self._queue:
                await self._send(self._queue.popleft())
        self._sending = None

    def _close(self, code: int) -> None:
        """Hear and keep nothing more. The word goes out when the socket can take it, or never."""
        if self._closed:
            return
        self._closed = True
        hub.unsubscribe(self)
        if self._sending is not None:
            self._sending.cancel()
        self._queue.clear()
        self._begin(self._say_closed(code))

    async def _say_closed(self, code: int) -> None:
        with contextlib.suppress(OSError):
            await self._send({"type": "websocket.close", "code": code})

    # ------------------------------------------------------------ rights

    def recheck(self) -> None:
        """Hear nothing until it is known again what may be heard, then catch up from there."""
        self._rights_version += 1
        if not self._closed and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._recheck())

    async def _recheck(self) -> None:
        mark = hub.tail.mark
        await self._learn_rights()
        for told in hub.tail.since_mark(mark):
            if self._may_hear(told):
                self.offer(told.message)

    async def _learn_rights(self) -> None:
        """Ask what may be heard, again if the rights changed while asking, and subscribe to it."""
        before = self._rights
        hub.expect(self)
        while True:
            version = self._rights_version
            try:
                rights = await self._desk.rights(self._headers)
            except DatabaseError as error:
                logger.error("A connection's rights could not be read: %s", error)
                self._close(CLOSE_TRY_AGAIN)
                return
            if version == self._rights_version:
                break
        if self._closed:
            return
        self._rights = rights
        if rights.bad_token:
            self._close(CLOSE_BAD_TOKEN)
        elif before.user_pk not in (None, rights.user_pk):
            # With what cookies it has now: this browser may have signed in again.
            self._close(CLOSE_SIGNED_OUT)
        else:
            hub.subscribe(self, rights.audiences, rights.user_pk)
            self._end_at(rights.until)

    def _end_at(self, until: datetime | None) -> None:
        if self._ending is not None:
            self._ending.cancel()
        self._ending = None
        if until is not None:
            left = max(0.0, (until - clock.now()).total_seconds())
            self._ending = asyncio.get_running_loop().call_later(left, self.recheck)

    def _may_hear(self, told: BufferedMessage) -> bool:
        return not set(told.audiences).isdisjoint(self._rights.audiences)

    # ------------------------------------------------------------ what was missed

    async def _resume(self, after: int) -> None:
        """Send what was said since `after`, at the pace of this socket, and whether it is all."""
        if not hub.tail.reaches(after):
            await hub.catch_up()  # another process may have told it more than this one knows
        complete = hub.tail.reaches(after)
        found = [told for told in hub.tail.since(after) if self._may_hear(told)]
        newest = hub.tail.newest
        for told in found[-live.REPLAYED_AT_MOST :]:
            # Not through the queue: a long replay would overflow it and pass for a slow socket.
            await self._send(told.message)
        complete = complete and len(found) <= live.REPLAYED_AT_MOST
        self._say("live.resumed", id=newest, data={"complete": complete})


def live_socket(ask: Callable[[list[Headers]], list[Rights]], note: Note = lambda *_: None) -> Any:
    """The ASGI application of the live socket, for connections whose rights `ask` knows.

    `note` hears once from each page, without waiting, that it has what number so-and-so is about,
    and what that page may hear.
    """
    desk = RightsBatcher(ask)

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await LiveSocket(desk, note, scope, receive, send).run()

    return application


class SameOrigin(OriginValidator):
    """Refuses other sites' pages; programs, which send no Origin, are let in to authenticate."""

    def valid_origin(self, parsed_origin: Any) -> bool:
        """True without an Origin header or for an allowed one."""
        return parsed_origin is None or super().valid_origin(parsed_origin)


def _now_ms() -> float:
    return clock.now().timestamp() * 1000
