"""The socket of an open page, as js/live.js and js/live-poll.js keep it."""

import asyncio
import contextlib
import json
import random
import time
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from hackathon.run.page_client.markup import body_data
from hackathon.run.page_client.parts import FRAGMENT, unused_types

if TYPE_CHECKING:
    from hackathon.run.page_client.tab import Tab

BACKOFF_SECONDS = (1, 2, 4, 8)
TRIES = {True: 3, False: 2}  # attempts before polling, by whether a socket has opened
RETRY_SECONDS = {True: 6, False: 45}
PING_SECONDS = 15.0
FIRST_PINGS = 5
POLL_SECONDS = 5
AWAY_SECONDS = {True: 2, False: 3}  # without an answer: the next socket, the next poll
NO_CODE = 1006
REMEMBERED = 2000


@lru_cache(maxsize=256)
def message_of(payload: str) -> dict[str, Any]:
    """Shared by all who received the same text: not to be changed."""
    return dict(json.loads(payload))


class Connection:
    def __init__(self, tab: "Tab", html: str) -> None:
        body = body_data(html)
        self._tab = tab
        self._after = self.made_after = int(body.get("data-live-after") or 0)
        self._is_settled = "data-live-settled" in body
        self._rights = body.get("data-rights")
        self._seen: OrderedDict[int, None] = OrderedDict({self._after: None})
        self._socket: Any = None
        self._failures = 0
        self._has_opened = self._has_missed = self._is_unanswered = False
        self.is_resumed = False  # the server repeats messages before
        self._polling: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_due = asyncio.Event()

    # ------------------------------------------------------------ the socket

    async def run(self) -> None:
        """Until the server asks not to connect again."""
        while not 4100 <= await self._listen() <= 4199:
            self._tab.browser.notes.socket_losses += 1
            self._has_missed |= self._polling is None
            self._failures += 1
            self._wait()
            await self._tab.start(self._is_due.wait())

    async def _listen(self) -> int:
        """The code with which the socket closed."""
        browser, socket = self._tab.browser, None
        with contextlib.suppress(OSError, TimeoutError, WebSocketException):
            async with connect(
                f"{browser.site.live.replace('http', 'ws', 1)}/ws/live/",
                additional_headers={"Cookie": browser.cookies},
                origin=browser.site.live,  # type: ignore[arg-type]
                compression=None,
                open_timeout=30,
                close_timeout=1,
                ping_interval=None,
                max_size=None,
                proxy=None,
                ssl=browser.site.tls,
            ) as socket:
                self._socket, self.is_resumed = socket, False
                browser.notes.sockets += 1
                browser.notes.sockets_opened += 1
                pinging = self._tab.start(self._ping(), awaited=False)
                try:
                    await socket.send(json.dumps(self._resumption()))
                    async for payload in socket:
                        self._on_message(message_of(str(payload)))
                finally:
                    browser.notes.sockets -= 1
                    pinging.cancel()
                    self._socket = None
        return (socket and socket.close_code) or NO_CODE

    def _shown(self) -> list[str]:
        return sorted(set(FRAGMENT.findall(self._tab.html)))

    def _resumption(self) -> dict[str, Any]:
        return {
            "type": "resume",
            "after": self._after,
            "settled": self._is_settled and self._after == self.made_after,
            "shows": self._shown(),
            "without": unused_types(self._tab.html),
            "language": self._tab.browser.person.language,
        }

    async def _ping(self) -> None:
        for number in range(1_000_000):
            self.send({"type": "ping", "sent": round(1000 * time.monotonic(), 1)})
            await asyncio.sleep(0.15 if number < FIRST_PINGS else PING_SECONDS)

    def send(self, message: dict[str, Any]) -> None:
        """If it is connected."""
        if self._socket is not None:
            self._tab.start(self._send(json.dumps(message)), awaited=False)

    async def _send(self, text: str) -> None:
        with contextlib.suppress(WebSocketException):
            if self._socket is not None:
                await self._socket.send(text)

    def _on_message(self, message: dict[str, Any]) -> None:
        data = message.get("data", {})
        match message["type"]:
            case "pong":
                pass
            case "live.ready":
                self._opened()
                self._check_rights(data.get("rights"))
            case "live.rights":
                self._check_rights(data.get("rights"))
            case "live.resumed":
                self._caught_up(message["id"], complete=data["complete"])
            case _:
                self.receive(message)

    def _check_rights(self, rights: str | None) -> None:
        if rights is not None and self._rights is not None and rights != self._rights:
            self._rights = rights
            self._tab.dispatch({"type": "rights.changed", "data": {}})

    def receive(self, message: dict[str, Any]) -> None:
        if number := message.get("id"):
            if number in self._seen:
                return
            self._seen[number] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            self._after = max(self._after, number)
        self._tab.dispatch(message)

    def _caught_up(self, last: int, *, complete: bool) -> None:
        self._after = max(self._after, last or 0)
        self._tab.caught_up_at = time.time()
        self.is_resumed = True
        if self._has_missed or not complete:
            self._tab.dispatch({"type": "live.resumed", "data": {"complete": complete}})
        self._has_missed = False

    def _opened(self) -> None:
        self._has_opened = True
        self._failures = 0
        if self._polling is not None:
            self._polling.cancel()
        self._polling, self._is_unanswered = None, False

    # ------------------------------------------------------------ while it is lost

    def _wait(self) -> None:
        """Until the next attempt. Where sockets do not get through the page polls meanwhile."""
        worked, failures = self._has_opened, self._failures
        if failures < TRIES[worked]:
            wait: float = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1]
        elif self._is_unanswered and failures % TRIES[True] and worked:
            wait = AWAY_SECONDS[True]
        else:
            wait = RETRY_SECONDS[worked]
            if self._polling is None or self._polling.done():
                self._polling = self._tab.start(self._poll(), awaited=False)
        self._is_due.clear()
        self._connect_in(wait)

    def _connect_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        seconds *= random.uniform(0.67, 1.33)
        self._timer = asyncio.get_running_loop().call_later(seconds, self._is_due.set)

    async def _poll(self) -> None:
        """Ends where the next attempt is a socket."""
        while True:
            await self._tab.start(self._ask())
            if self._is_unanswered and self._has_opened:
                self._connect_in(AWAY_SECONDS[True])
                return
            wait = AWAY_SECONDS[False] if self._is_unanswered else POLL_SECONDS
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))

    async def _ask(self) -> None:
        query = urlencode({"after": self._after, "shows": ",".join(self._shown())})
        answer = await self._tab.fetch("GET", f"/api/v1/live/?{query}")
        was_unanswered = self._is_unanswered
        self._is_unanswered = answer is None or answer.status_code != 200
        if answer is None or self._is_unanswered:
            return
        if was_unanswered:
            self._is_due.set()
        content = answer.json()
        for message in content["messages"]:
            self.receive(message)
        for html in content["fragments"]:
            self._tab.dispatch({"type": "fragment.rendered", "data": {"html": html}})
        self._caught_up(content["last"], complete=content["complete"])
        self._check_rights(content.get("rights"))
