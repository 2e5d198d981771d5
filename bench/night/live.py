"""The socket of a tab, as `live.js` and `live-poll.js` keep it."""

import json
import random
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench.night.wire import Socket, message_of
from hackathon.rehearsal.parts import unused_types

if TYPE_CHECKING:
    from bench.night.tab import Tab, Timer

BACKOFF = [1, 2, 4, 8]  # seconds
TRIES = {True: 3, False: 2}  # attempts before polling, by whether a socket has opened
RETRY_SECONDS = {True: 6, False: 45}
PING_SECONDS = 15.0
FIRST_PINGS = 5
POLL_SECONDS = 5
AWAY_SECONDS = {True: 2, False: 3}  # without an answer: the next socket, the next poll
CLOCK_REQUESTS = 4


def jitter() -> float:
    return random.uniform(0.67, 1.33)  # noqa: S311


class Connection:
    """`shown`: the names of the fragments of the page; None where a page has none to receive."""

    def __init__(self, tab: "Tab", body: Mapping[str, str]) -> None:
        self._tab = tab
        self._after = self._made_after = int(body.get("data-live-after") or 0)
        self._is_settled = "data-live-settled" in body
        self._rights = body.get("data-rights")
        self._seen: OrderedDict[int, None] = OrderedDict({self._after: None})
        self._socket: Socket | None = None
        self._failures = 0
        self._has_opened = False
        self._has_missed = False
        self._ended = False
        self._polling: Timer | None = None
        self._retry: Timer | None = None
        self._has_no_answer = False
        self._pinging: Timer | None = None
        self.shown: Callable[[], list[str]] | None = None

    # ------------------------------------------------------------ the socket

    def connect(self) -> None:
        if self._ended or self._socket is not None:
            return
        tab = self._tab
        headers = {**tab.visitor.headers, "Origin": f"http://localhost:{tab.ports.live}"}
        socket = self._socket = Socket(
            "/ws/live/",
            headers,
            on_open=lambda: socket.send(self._resumption()),
            on_message=lambda payload: self._on_message(socket, payload),
            on_close=lambda code: self._lost(socket, code),
        )
        tab.start(self._connect(socket), periodic=True)

    def _resumption(self) -> dict[str, Any]:
        resumption: dict[str, Any] = {"type": "resume", "after": self._after}
        if self.shown is not None:
            resumption |= {
                "settled": self._is_settled and self._after == self._made_after,
                "shows": self.shown(),
                "without": unused_types(self._tab.html),
                "language": self._tab.visitor.language,
            }
        return resumption

    async def _connect(self, socket: Socket) -> None:
        try:
            await socket.connect(self._tab.ports.live)
        except OSError:
            self._lost(socket, 1006)

    def _on_message(self, socket: Socket, payload: bytes) -> None:
        if socket is not self._socket:
            return
        message = message_of(payload)
        match message["type"]:
            case "pong":
                pass
            case "live.ready":
                self._opened()
                self._check_rights(message["data"].get("rights"))
            case "live.rights":
                self._check_rights(message["data"].get("rights"))
            case "live.resumed":
                self._caught_up(message["id"], complete=message["data"]["complete"])
            case _:
                self._receive(message)

    def _check_rights(self, rights: str | None) -> None:
        if rights is not None and self._rights is not None and rights != self._rights:
            self._rights = rights
            self._tab.dispatch("rights.changed", {"data": {}})

    def _receive(self, message: dict[str, Any]) -> None:
        if number := message.get("id"):
            if number in self._seen:
                return
            self._seen[number] = None
            if len(self._seen) > 2000:
                self._seen.popitem(last=False)
            self._after = max(self._after, number)
        self._tab.dispatch(message["type"], message)

    def _caught_up(self, last: int, *, complete: bool) -> None:
        self._after = max(self._after, last or 0)
        self._tab.caught_up_at = time.monotonic()
        if self._has_missed or not complete:
            self._tab.dispatch("caught-up", {"data": {"complete": complete}})
        self._has_missed = False

    def _opened(self) -> None:
        self._has_opened = True
        self._failures = 0
        self._stop_polling()
        for number in range(FIRST_PINGS):
            self._tab.later(0.15 * number, self._ping, periodic=True)
        if self._pinging is None:
            self._beat()

    def _beat(self) -> None:
        self._pinging = self._tab.later(PING_SECONDS, self._beat, periodic=True)
        self._ping()

    def _ping(self) -> None:
        self.send({"type": "ping", "sent": round(time.monotonic() * 1000, 1)})

    def send(self, message: dict[str, Any]) -> None:
        if self._socket is not None:
            self._socket.send(message)

    # ------------------------------------------------------------ when it is lost

    def _lost(self, socket: Socket, code: int) -> None:
        if socket is not self._socket:
            return
        self._socket = None
        self._has_missed |= self._polling is None
        if 4100 <= code <= 4199:
            self._ended = True
            return
        self._failures += 1
        if self._failures >= TRIES[self._has_opened]:
            if self._has_no_answer and self._failures % TRIES[True] and self._has_opened:
                self._connect_after(AWAY_SECONDS[True])
                return
            # The clock of a page that had a socket is synchronized.
            if self._polling is None and not self._has_opened:
                for number in range(1, CLOCK_REQUESTS + 1):
                    self._tab.later(0.3 * number, self._ask_time, periodic=True)
            if self._polling is None or self._has_no_answer:
                self._ask_after(0)
            wait: float = RETRY_SECONDS[self._has_opened]
        else:
            wait = BACKOFF[min(self._failures - 1, len(BACKOFF) - 1)]
        self._connect_after(wait)

    def _connect_after(self, seconds: float) -> None:
        if self._retry is not None:
            self._retry.cancel()
        self._retry = self._tab.later(seconds * jitter(), self.connect)

    def _ask_after(self, seconds: float) -> None:
        if self._polling is not None:
            self._polling.cancel()
        self._polling = self._tab.later(seconds, self._poll, periodic=True)

    def _poll(self) -> None:
        self._tab.start(self._ask())

    async def _ask(self) -> None:
        query = {"after": str(self._after)}
        if self.shown is not None:
            query["shows"] = ",".join(self.shown())
        answer = await self._tab.fetch(f"/api/v1/live/?{urlencode(query)}")
        if self._polling is None:
            return
        was_away, self._has_no_answer = self._has_no_answer, answer.status != 200
        if was_away and not self._has_no_answer:
            self.connect()
        if self._has_no_answer and self._has_opened:
            self._connect_after(AWAY_SECONDS[True])
            return
        wait = AWAY_SECONDS[False] if self._has_no_answer else POLL_SECONDS
        self._ask_after(wait * random.uniform(0.8, 1.2))  # noqa: S311
        if self._has_no_answer:
            return
        content = json.loads(answer.body)
        for message in content["messages"]:
            self._receive(message)
        for html in content.get("fragments", []):
            self._tab.dispatch("fragment.rendered", {"data": {"html": html}})
        self._caught_up(content["last"], complete=content["complete"])
        self._check_rights(content.get("rights"))

    def _ask_time(self) -> None:
        if self._polling is not None:
            self._tab.start(self._tab.fetch("/api/v1/live/"))

    def _stop_polling(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            self._polling = None
            self._has_no_answer = False

    def close(self) -> None:
        self._ended = True
        self._stop_polling()
        if self._socket is not None:
            socket, self._socket = self._socket, None
            socket.close()
