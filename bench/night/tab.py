"""A browser tab without a browser: a page, its timers, requests and socket. What the page's scripts
do is in `page.py`.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from bench.night.live import Connection
from bench.night.wire import Answer, request
from hackathon.rehearsal import markup
from hackathon.rehearsal.markup import Element

CSRF = "t" * 32


@dataclass(frozen=True)
class Ports:
    """In production three; with one process they are the same."""

    pages: int
    live: int
    uploads: int


@dataclass(frozen=True)
class Visitor:
    role: str  # student, juror, organizer
    session: str
    user: int
    language: str = "fr"
    team: int = 0
    department: str = ""
    deliverable: int = 0  # a required file that the team has not handed in; 0 if there is none

    @property
    def headers(self) -> dict[str, str]:
        cookie = f"sessionid={self.session}; csrftoken={CSRF}; django_language={self.language}"
        return {"Cookie": cookie}


@dataclass(frozen=True)
class Request:
    """`periodic`: it would have been made without the event too."""

    method: str
    path: str
    answer: Answer
    periodic: bool


class Script(Protocol):
    """One of the page's modules."""

    def on(self, kind: str, message: dict[str, Any]) -> None: ...


class Timer:
    """Runs once. While it waits, its tab has work to do, unless `periodic`."""

    def __init__(self, tab: "Tab", seconds: float, run: Callable[[], None], periodic: bool) -> None:
        self._tab, self._run, self._periodic = tab, run, periodic
        self._handle = asyncio.get_running_loop().call_later(max(0, seconds), self._fire)
        if not periodic:
            tab.busy += 1
        tab.timers.add(self)
        self._over = False

    def _fire(self) -> None:
        if self._finish():
            self._run()

    def cancel(self) -> None:
        self._handle.cancel()
        self._finish()

    def _finish(self) -> bool:
        if self._over:
            return False
        self._over = True
        self._tab.timers.discard(self)
        if not self._periodic:
            self._tab.busy -= 1
        return True


@dataclass
class Tab:
    """Instants are on `time.monotonic()`."""

    visitor: Visitor
    path: str
    ports: Ports
    shown: list[tuple[float, str]] = field(default_factory=list)  # the page after each change
    toasts: list[tuple[float, int, str]] = field(default_factory=list)  # "": it was dismissed
    requests: list[Request] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    timers: set[Timer] = field(default_factory=set)
    busy: int = 0  # timers that wait and requests under way, because of a message or an instant
    caught_up_at: float = 0.0
    part_delays: list[float] = field(default_factory=list)  # seconds, from the message
    connection: Connection | None = None
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _html: str = ""
    _changes: list[tuple[float, Callable[[str], str]]] = field(default_factory=list)
    _elements: tuple[str, list[Element]] = ("", [])

    async def load(self, scripts: Callable[["Tab"], list[Script]]) -> Answer:
        """Fetches the page, runs its scripts and opens its socket."""
        answer = await request(self.ports.pages, "GET", self.path, self.visitor.headers)
        if answer.status != 200:
            return answer
        self._html = answer.text
        self.shown = [(time.monotonic(), self._html)]
        self._run(scripts)
        return answer

    def _run(self, scripts: Callable[["Tab"], list[Script]]) -> None:
        self.connection = Connection(self, markup.body_data(self._html))
        self.scripts = scripts(self)
        self.connection.connect()

    # ------------------------------------------------------------ what scripts use

    def later(self, seconds: float, run: Callable[[], None], *, periodic: bool = False) -> Timer:
        return Timer(self, seconds, run, periodic)

    def start(self, work: Coroutine[Any, Any, Any], *, periodic: bool = False) -> None:
        async def run() -> None:
            self.busy += not periodic
            try:
                await work
            finally:
                self.busy -= not periodic

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def fetch(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        method: str = "GET",
        body: bytes = b"",
        periodic: bool = False,
        port: int = 0,
    ) -> Answer:
        if method not in ("GET", "HEAD"):
            origin = f"http://localhost:{port or self.ports.pages}"
            headers = {"X-CSRFToken": CSRF, "Origin": origin, **(headers or {})}
        headers = {**self.visitor.headers, **(headers or {})}
        answer = await request(port or self.ports.pages, method, path, headers, body)
        self.requests.append(Request(method, path, answer, periodic))
        return answer

    def dispatch(self, kind: str, message: dict[str, Any] | None = None) -> None:
        """A message, or an event of the page itself: `clock.passed`, `caught-up`, `refetched`."""
        for script in self.scripts:
            script.on(kind, message or {})

    @property
    def html(self) -> str:
        """The page as it is now."""
        for at, change in self._changes:
            self._html = change(self._html)
            self.shown.append((at, self._html))
        self._changes.clear()
        return self._html

    @property
    def elements(self) -> list[Element]:
        html = self.html
        if self._elements[0] is not html:
            self._elements = (html, markup.live_elements(html))
        return self._elements[1]

    def show(self, html: str) -> None:
        if html is not self.html:
            self._html = html
            self.shown.append((time.monotonic(), html))

    def change(self, change: Callable[[str], str]) -> None:
        """The page changes now; its content is computed when it is compared, since the
        processor of this client is not that of 400 browsers.
        """
        self._changes.append((time.monotonic(), change))

    def send(self, message: dict[str, Any]) -> None:
        if self.connection is not None:
            self.connection.send(message)

    # ------------------------------------------------------------ for the measurement

    def forget(self) -> None:
        """Keeps only what is shown now."""
        self.shown = [(time.monotonic(), self.html)]
        self.toasts = self.toasts[-3:]
        self.requests = []
        self.part_delays = []

    def close(self) -> None:
        for timer in list(self.timers):
            timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        if self.connection is not None:
            self.connection.close()
