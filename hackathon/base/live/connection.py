"""One connection of `/ws/live/` (`docs/live.md`). It queries the database only for its rights."""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from channels.security.websocket import OriginValidator, WebsocketDenier
from django.conf import settings

from hackathon.base.core import clock
from hackathon.base.core.formats import iso_utc
from hackathon.base.live import messages
from hackathon.base.live.audiences import rights_mark
from hackathon.base.live.buffer import BufferedMessage
from hackathon.base.live.hub import hub
from hackathon.base.live.sent_fragments import Renderer

logger = logging.getLogger(__name__)

# A socket with this many unsent messages is closed; the client resumes from its last id.
MAX_QUEUED = 200
# After 4000-4099 clients connect again, after 4100-4199 they don't.
CLOSE_SLOW = 4001
CLOSE_SIGNED_OUT = 4002
CLOSE_BAD_TOKEN = 4101
CLOSE_TRY_AGAIN = 1013  # defined by IANA
CLOSE_TOO_BIG = 1009
CLOSE_TOO_MANY = 4003
RIGHTS_BATCH_SIZE = 200

MAX_FRAME_CHARS = 4096  # what clients send is far shorter
# Open sockets in one process: of one person, and of all who are not signed in, so that strangers
# leave room for the others. Addresses of the network are not counted: a school has one.
MAX_PER_USER = 30
MAX_ANONYMOUS = 2000

# Messages that a client may send at once, and then per second. A page sends a ping now and then,
# and what it has received of the announcements.
MESSAGES_AT_ONCE = 100
MESSAGES_PER_SECOND = 5

MAX_RECEIPTS = 500
MAX_SHOWN = 40  # fragments; a page has about ten
MAX_WITHOUT = 10  # types of messages
LANGUAGES = dict(settings.LANGUAGES)
MAX_ID = 2**63 - 1
LARGEST_NUMBER = 2**53  # of whole numbers in JavaScript

type Headers = Sequence[tuple[bytes, bytes]]
type OnReceipt = Callable[[int, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Rights:
    """The audiences and the user of a connection (None: anonymous). Read them again at `until`."""

    audiences: Sequence[str] = ()
    user_pk: int | None = None
    until: datetime | None = None
    bad_token: bool = False


class RightsBatcher:
    """One call for all waiting connections: after a restart thousands connect at once."""

    def __init__(self, read: Callable[[list[Headers]], list[Rights]]) -> None:
        self._read = read
        self._waiting: list[tuple[Headers, asyncio.Future[Rights]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def rights(self, headers: Headers) -> Rights:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Rights] = loop.create_future()
        self._waiting.append((headers, answer))
        if self._serving is None or self._serving.done() or self._serving.get_loop() is not loop:
            self._serving = loop.create_task(self._serve())
        return await answer

    async def _serve(self) -> None:
        while self._waiting:
            batch = self._waiting[:RIGHTS_BATCH_SIZE]
            self._waiting = self._waiting[RIGHTS_BATCH_SIZE:]
            try:
                batch_rights = await database_sync_to_async(self._read)(
                    [headers for headers, _ in batch]
                )
            except Exception as error:  # noqa: BLE001 - raised in each connection that waits
                for _headers, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_headers, answer), rights in zip(batch, batch_rights, strict=True):
                if not answer.done():
                    answer.set_result(rights)


class LiveSocket:
    def __init__(
        self,
        batcher: RightsBatcher,
        on_receipt: OnReceipt,
        scope: dict[str, Any],
        receive: Any,
        send: Any,
    ) -> None:
        self._batcher = batcher
        self._on_receipt = on_receipt
        self._receipts: set[int] = set()
        self.without: frozenset[str] = frozenset()
        self._headers: Headers = scope["headers"]
        self._receive = receive
        self._send = send
        self._queue: deque[str] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._rechecking: asyncio.Task[None] | None = None
        self._rights = Rights()
        self._rights_version = 0
        self._expiry: asyncio.TimerHandle | None = None
        self._closed = False
        self._tokens = float(MESSAGES_AT_ONCE)
        self._counted_at = time.monotonic()

    async def run(self) -> None:
        await self._receive()  # websocket.connect
        await self._send({"type": "websocket.accept"})
        await hub.start()
        try:
            await self._read_rights()
            if not self._closed:
                data = {
                    "now": _now_ms(),
                    "signed_in": self._rights.user_pk is not None,
                    "rights": rights_mark(self._rights.audiences),
                }
                self._reply("live.ready", id=hub.buffer.newest, data=data)
            while (message := await self._receive())["type"] == "websocket.receive":
                await self._handle(message.get("text"))
        finally:
            self._closed = True
            hub.unsubscribe(self)
            hub.fragments.forget(self)
            for pending in (self._sending, self._rechecking, self._expiry):
                if pending is not None:
                    pending.cancel()

    async def _handle(self, text: str | None) -> None:
        if len(text or "") > MAX_FRAME_CHARS:
            self._close(CLOSE_TOO_BIG)
            return
        if not self._has_token():
            self._close(CLOSE_TOO_MANY)
            return
        try:
            message = json.loads(text or "")
        except (ValueError, RecursionError):
            return
        match message:
            case {"type": "ping", **rest}:
                sent = rest.get("sent")
                is_number = isinstance(sent, (int, float)) and abs(sent) <= LARGEST_NUMBER
                echo = sent if is_number else None
                self._reply("pong", sent=echo, now=_now_ms())
            case {"type": "resume", "after": int(after), **rest}:
                names, language = rest.get("shows"), rest.get("language")
                if isinstance(unused := rest.get("without"), list):
                    self.without = frozenset(filter(_is_text, unused[:MAX_WITHOUT]))
                if isinstance(names, list) and _is_text(language) and language in LANGUAGES:
                    hub.fragments.shows(self, filter(_is_text, names[:MAX_SHOWN]), language)
                await self._resume(after, is_settled=rest.get("settled") is True)
            case {"type": "received", "id": int(pk)}:
                is_new = pk not in self._receipts and len(self._receipts) < MAX_RECEIPTS
                if 0 < pk <= MAX_ID and is_new:
                    self._receipts.add(pk)
                    self._on_receipt(pk, self._rights.audiences)

    def _has_token(self) -> bool:
        now = time.monotonic()
        grown = self._tokens + (now - self._counted_at) * MESSAGES_PER_SECOND
        self._tokens, self._counted_at = min(grown, MESSAGES_AT_ONCE) - 1, now
        return self._tokens >= 0

    # ------------------------------------------------------------ sending

    def offer(self, text: str) -> None:
        """A full queue closes the socket."""
        if self._closed:
            return
        if len(self._queue) >= MAX_QUEUED:
            self._close(CLOSE_SLOW)
            return
        self._queue.append(text)
        if self._sending is None:
            self._start_sending(self._send_queued())

    def _reply(self, type_: str, **content: Any) -> None:
        content = {"type": type_, "at": iso_utc(clock.now()), **content}
        self.offer(json.dumps(content, separators=(",", ":")))

    def _start_sending(self, sending: Coroutine[Any, Any, None]) -> None:
        # Eager: it runs here until it must wait for the socket, which is rare. A task for each
        # socket that waits for a queue would cost twice as much CPU per message.
        task = asyncio.Task(sending, loop=asyncio.get_running_loop(), eager_start=True)
        self._sending = None if task.done() else task

    async def _send_queued(self) -> None:
        with contextlib.suppress(OSError):  # disconnected: `run` gets `websocket.disconnect`
            while self._queue:
                await self._send({"type": "websocket.send", "text": self._queue.popleft()})
        self._sending = None

    def _close(self, code: int) -> None:
        """Drop what is queued. The close frame is sent if the socket becomes writable again."""
        if self._closed:
            return
        self._closed = True
        hub.unsubscribe(self)
        if self._sending is not None:
            self._sending.cancel()
        self._queue.clear()
        self._start_sending(self._send_close(code))

    async def _send_close(self, code: int) -> None:
        with contextlib.suppress(OSError):
            await self._send({"type": "websocket.close", "code": code})

    # ------------------------------------------------------------ rights

    def recheck(self) -> None:
        """Get no messages until the rights are read again, then those that were sent meanwhile."""
        self._rights_version += 1
        if not self._closed and (self._rechecking is None or self._rechecking.done()):
            self._rechecking = asyncio.create_task(self._recheck())

    async def _recheck(self) -> None:
        # Also what is being sent to others just now, which this socket no longer gets from there. A
        # client ignores what it has received twice.
        mark = hub.mark
        await self._read_rights()
        for message in hub.buffer.since_mark(mark):
            if message.type not in self.without and self._may_receive(message):
                self.offer(message.text)
        self._reply("live.rights", data={"rights": rights_mark(self._rights.audiences)})
        hub.fragments.all_changed(self)

    async def _read_rights(self) -> None:
        before = self._rights
        hub.expect(self)  # first, so that no change of rights is missed
        while True:
            version = self._rights_version
            try:
                rights = await self._batcher.rights(self._headers)
            except Exception as error:  # noqa: BLE001 - else the socket would get nothing any more
                logger.error("A connection's rights could not be read: %s", error)
                self._close(CLOSE_TRY_AGAIN)
                return
            # Changed again meanwhile: what was read may be from before that change.
            if version == self._rights_version:
                break
        if self._closed:
            return
        self._rights = rights
        if rights.bad_token:
            self._close(CLOSE_BAD_TOKEN)
        elif before.user_pk not in (None, rights.user_pk):
            # The browser may have signed in again: it then connects with other cookies.
            self._close(CLOSE_SIGNED_OUT)
        elif hub.sockets_of(rights.user_pk) >= (
            MAX_ANONYMOUS if rights.user_pk is None else MAX_PER_USER
        ):
            self._close(CLOSE_TRY_AGAIN)
        else:
            hub.subscribe(self, rights.audiences, rights.user_pk)
            self._recheck_at(rights.until)

    def _recheck_at(self, until: datetime | None) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        self._expiry = None
        if until is not None:
            left = max(0.0, (until - clock.now()).total_seconds())
            self._expiry = asyncio.get_running_loop().call_later(left, self.recheck)

    def _may_receive(self, message: BufferedMessage) -> bool:
        return not set(message.audiences).isdisjoint(self._rights.audiences)

    # ------------------------------------------------------------ missed messages

    async def _resume(self, after: int, *, is_settled: bool) -> None:
        """`is_settled`: no message up to `after` can be committed later."""
        if not hub.buffer.reaches(after):
            await hub.catch_up()  # another process may have sent messages unknown to this one
        complete = hub.buffer.reaches(after)
        since = hub.buffer.newer(after) if is_settled else hub.buffer.since(after)
        missed = [message for message in since if self._may_receive(message)]
        # Read with `since`, before any waiting: the client believes that it has all up to this id.
        newest = hub.buffer.newest
        for message in missed[-messages.MAX_REPLAYED :]:
            if self._closed:  # while it waited for a slow socket: nothing may follow the close
                return
            if message.type not in self.without:
                # Not through the queue: a long replay would fill it.
                await self._send({"type": "websocket.send", "text": message.text})
        complete = complete and len(missed) <= messages.MAX_REPLAYED
        if complete:
            hub.fragments.changed({m.type for m in missed}, [self], hub.buffer.mark)
        else:
            hub.fragments.all_changed(self)
        self._reply("live.resumed", id=newest, data={"complete": complete})


def live_socket(
    read_rights: Callable[[list[Headers]], list[Rights]],
    on_receipt: OnReceipt = lambda *_: None,
    render: Renderer = lambda *_: {},
) -> Any:
    """`on_receipt(id, audiences)`: at most once per connection and id. It must not block."""
    batcher = RightsBatcher(read_rights)
    hub.fragments.render = render

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await LiveSocket(batcher, on_receipt, scope, receive, send).run()

    return application


class SameOrigin(OriginValidator):
    """As Django checks the origin of a form: scheme, host and port are those of the request, or in
    CSRF_TRUSTED_ORIGINS. Programs send no Origin and authenticate with a token.
    """

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        headers = dict(scope["headers"])
        origin, host = (headers.get(name, b"").decode("latin-1") for name in (b"origin", b"host"))
        if not origin or self._is_trusted(origin.lower(), host.lower()):
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)

    def _is_trusted(self, origin: str, host: str) -> bool:
        scheme = "https" if settings.HTTPS else "http"
        own = _with_port(f"{scheme}://{host}") if host else None
        if own is not None and _with_port(origin) == own and self.valid_origin(urlsplit(origin)):
            return True
        return any(fnmatchcase(origin, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _with_port(origin: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return None
    return parts.scheme, parts.hostname or "", port


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _now_ms() -> float:
    return clock.now().timestamp() * 1000
