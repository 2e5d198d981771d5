"""The browser of one person, as far as the server notices it: pages, the parts that they fetch
again, one socket for each page, and resumable uploads.
"""

import asyncio
import contextlib
import hashlib
import json
import random
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from hackathon.rehearsal.content import Content, LineCut
from hackathon.rehearsal.markup import part, put
from hackathon.rehearsal.parts import FRAGMENT, Parts, address_of, unused_types
from hackathon.rehearsal.people import Person

CSRF = "t" * 32
AFTER = re.compile(r'data-live-after="(\d+)"( data-live-settled)?')
ANNOUNCED = re.compile(r"Annonce \d+ de la répétition")
NUMBER = re.compile(r"\d+|[0-9a-f]{32}")
CONNECTIONS = 6  # of one browser
RETRY_SECONDS = (0.5, 1, 2, 4)


@dataclass(frozen=True)
class Sample:
    """Seconds since the beginning; `status` 0: no answer."""

    at: float
    kind: str  # page, part, action, upload
    route: str
    status: int
    seconds: float


@dataclass
class Deposit:
    """What a client knows of one hand-in. Instants are epoch seconds of this machine."""

    team: int
    deliverable: int
    sha256: str
    size: int
    asked_at: float = 0.0  # the first request was sent
    opened_at: float = 0.0  # its answer was there
    answered_at: float = 0.0  # the last byte was acknowledged
    code: str = ""  # of the receipt
    refused: str = ""
    cuts: int = 0
    tries: int = 0


@dataclass
class Notes:
    """What all clients write down."""

    began: float = field(default_factory=time.time)
    samples: list[Sample] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    # Text of an announcement: when it was sent, and when each socket had it.
    announced: dict[str, tuple[float, list[float]]] = field(default_factory=dict)
    sockets: int = 0
    socket_losses: int = 0
    marks: int = 0
    marks_refused: int = 0
    trouble: list[str] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)  # seconds that this program was late

    def note(self, kind: str, route: str, status: int, seconds: float) -> None:
        self.samples.append(Sample(time.time() - self.began, kind, route, status, seconds))


@lru_cache(maxsize=1)
def _unused_tls() -> ssl.SSLContext:
    """For clients without https: without it httpx makes one for each client, which takes 20 ms."""
    return ssl.create_default_context()


def http_client(url: str, tls: ssl.SSLContext | None) -> httpx.AsyncClient:
    """For one person. With one connection pool for all people, requests waited seconds for a
    connection (decision 30). It keeps no cookies.
    """
    nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(
        base_url=url,
        verify=tls or _unused_tls(),
        cookies=nothing,
        timeout=httpx.Timeout(60),
        limits=httpx.Limits(
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=60,  # s, as browsers do: handshakes cost CPU
        ),
        trust_env=False,
    )


@lru_cache(maxsize=256)
def _message(payload: str) -> dict[str, Any]:
    """Shared by all who received the same text: not to be changed."""
    return dict(json.loads(payload))


class Browser:
    def __init__(self, person: Person, url: str, notes: Notes, tls: ssl.SSLContext | None) -> None:
        self.person = person
        self._tls = tls
        self._http, self._notes = http_client(url, tls), notes
        self._origin = url.rstrip("/")
        self.html = ""  # of the page; what its socket brings is not put into it
        self._parts: Parts | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._shown: dict[str, list[str]] = {}
        self._after = self._made_after = 0
        self._is_settled = self._is_resumed = False
        self._announced: set[str] = set()  # what this page shows
        self._path = "/"
        self._socket: asyncio.Task | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.person.session}; "
            f"{settings.CSRF_COOKIE_NAME}={CSRF}",
            "X-CSRFToken": CSRF,
            "Origin": self._origin,
        }

    async def request(
        self, method: str, path: str, *, kind: str = "action", **more: Any
    ) -> httpx.Response | None:
        """None without an answer. Every request is a sample, under its path without numbers."""
        began = time.monotonic()
        headers = {**self.headers, **more.pop("headers", {})}
        route = f"{method} {NUMBER.sub('N', path.partition('?')[0])}"
        answer, status = None, 0
        try:
            answer = await self._answer(method, path, headers=headers, **more)
            status = answer.status_code
        except httpx.HTTPError as error:
            route += f" {type(error).__name__}"
        self._notes.note(kind, route, status, time.monotonic() - began)
        return answer

    async def _answer(self, method: str, path: str, **more: Any) -> httpx.Response:
        """As browsers do: a GET on a connection that the server was closing is sent once more."""
        try:
            return await self._http.request(method, path, **more)
        except httpx.RemoteProtocolError:
            if method != "GET":
                raise
            return await self._http.request(method, path, **more)

    # ------------------------------------------------------------ pages

    async def open(self, path: str) -> None:
        """Loads the page, and opens its socket in the place of the one before."""
        answer = await self.request("GET", path, kind="page")
        if answer is None or answer.status_code != 200:
            return
        self._leave_page()
        self._path = path
        self.html = html = answer.text
        self._parts = Parts(self)
        shows = sorted(set(FRAGMENT.findall(html)))
        self._shown = {"shows": shows, "without": unused_types(html)}
        after = AFTER.search(html)
        self._after = self._made_after = int(after[1]) if after else 0
        self._is_settled = bool(after and after[2])
        self._announced = set(ANNOUNCED.findall(html))
        self._socket = asyncio.create_task(self._listen())

    def _leave_page(self) -> None:
        if self._socket is not None:
            self._socket.cancel()
        if self._parts is not None:
            self._parts.close()
        for task in self._running:
            task.cancel()

    async def close(self) -> None:
        self._leave_page()
        await self._http.aclose()

    async def _listen(self) -> None:
        url = f"{self._origin.replace('http', 'ws', 1)}/ws/live/"
        failures = 0
        while True:
            with contextlib.suppress(OSError, TimeoutError, WebSocketException):
                headers = {k: v for k, v in self.headers.items() if k == "Cookie"}
                async with connect(
                    url,
                    additional_headers=headers,
                    origin=self._origin,  # type: ignore[arg-type]
                    compression=None,
                    open_timeout=30,
                    ping_interval=None,
                    max_size=None,
                    proxy=None,
                    ssl=self._tls,
                ) as socket:
                    failures, self._is_resumed = 0, False
                    self._notes.sockets += 1
                    try:
                        await socket.send(json.dumps(self._resumption()))
                        async for payload in socket:
                            self._receive(str(payload))
                    finally:
                        self._notes.sockets -= 1
            self._notes.socket_losses += 1
            await asyncio.sleep(min(8, 2**failures) * random.uniform(0.67, 1.33))
            failures += 1

    def _resumption(self) -> dict[str, Any]:
        return {
            "type": "resume",
            "after": self._after,
            "settled": self._is_settled and self._after == self._made_after,
            **self._shown,
            "language": settings.LANGUAGE_CODE,
        }

    def _receive(self, payload: str) -> None:
        message = _message(payload)
        number = int(message.get("id") or 0)
        self._after = max(self._after, number)
        kind = message["type"]
        if kind == "live.resumed":
            self._is_resumed = True
        # The server repeats the last messages before it has resumed: the page was made after them.
        is_repeated = not self._is_resumed and number <= self._made_after
        if kind == "announcement.published" and not is_repeated:
            text = ANNOUNCED.search(str(message["data"].get("html")))
            if text and text[0] in self._notes.announced and text[0] not in self._announced:
                self._announced.add(text[0])
                self._notes.announced[text[0]][1].append(time.time())
        if self._parts is not None and "data" in message:
            self._parts.on(message)

    # ------------------------------------------------------------ its parts

    async def fetch_parts(self, address: str, ids: list[str]) -> bool:
        headers = {"Accept": "text/html", **({"HX-Request": "true"} if address else {})}
        path = address_of(address, ids) if address else self._path
        answer = await self.request("GET", path, kind="part", headers=headers)
        if answer is None or answer.status_code >= 500:
            return False
        if answer.status_code == 200 and self._parts is not None:
            for each in self._parts.parts:
                if each.address == address and (fresh := part(answer.text, each.id)):
                    self.html = put(self.html, each.id, fresh)
            self._parts.changed()
        return True

    def later(
        self, seconds: float, run: Callable[[], None], *, awaited: bool
    ) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(max(0.0, seconds), run)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    # ------------------------------------------------------------ hand-ins

    async def hand_in(
        self, chosen: tuple[int, str, str, int], noise: bytes, size: int, line: int = 0
    ) -> None:
        """`line`: bytes per second at most; 0: no limit."""
        deliverable, kind, extension, _most = chosen
        if kind != "file":
            await self._hand_in_form(deliverable, kind)
            return
        content = Content(noise, size, line)
        digest = await asyncio.to_thread(content.sha256)
        deposit = Deposit(self.person.team, deliverable, digest, size)
        self._notes.deposits.append(deposit)
        deposit.asked_at = time.time()
        location = await self._begin(deposit, extension)
        if location:
            deposit.opened_at = time.time()
            await self._send(deposit, location, content)

    async def _hand_in_form(self, deliverable: int, kind: str) -> None:
        text = f"https://example.org/?{time.time_ns()}"
        name = "url" if kind == "link" else "text"
        deposit = Deposit(
            self.person.team, deliverable, hashlib.sha256(text.encode()).hexdigest(), len(text)
        )
        self._notes.deposits.append(deposit)
        deposit.asked_at = time.time()
        body = {"deliverable": deliverable, name: text}
        for deposit.tries in range(20):  # as a person does who gets no answer: twice is no harm
            answer = await self.request("POST", "/api/v1/submissions/", json=body)
            if answer is not None and answer.status_code == 201:
                deposit.answered_at, deposit.code = time.time(), answer.json()["receipt"]
                deposit.opened_at = deposit.answered_at  # an earlier try may have had no answer
                return
            if answer is not None and answer.status_code < 500:
                deposit.refused = f"{answer.status_code} {answer.text[:200]}"
                return
            await _before_retry(deposit.tries)

    async def _begin(self, deposit: Deposit, extension: str) -> str:
        """The path of the upload. Empty if it was refused."""
        fields = {
            "deliverable": str(deposit.deliverable),
            "team": str(deposit.team),
            "key": f"{time.time_ns()}-{self.person.user}",
            "filename": f"rendu.{extension}",
        }
        metadata = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in fields.items())
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(deposit.size),
            "Upload-Metadata": metadata,
        }
        for deposit.tries in range(40):
            answer = await self.request("POST", "/uploads/", kind="upload", headers=headers)
            if answer is not None and answer.status_code == 201:
                location = answer.headers["location"]
                return location[location.index("/uploads/") :]
            if answer is not None and answer.status_code < 500:
                deposit.refused = f"{answer.status_code} {answer.text[:200]}"
                return ""
            await _before_retry(deposit.tries)
        return ""

    async def _send(self, deposit: Deposit, path: str, content: Content) -> None:
        """One PATCH, as the page does. Every fourth line is cut once on the way."""
        cut = random.randrange(deposit.size) if random.random() < 0.25 else None
        offset = 0
        for deposit.tries in range(60):
            headers = {
                "Tus-Resumable": "1.0.0",
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(deposit.size - offset),
            }
            blocks = content.blocks(offset, cut)
            if cut is not None:
                deposit.cuts, cut = deposit.cuts + 1, None
                with contextlib.suppress(LineCut, httpx.HTTPError):
                    await self._http.patch(
                        path, headers={**self.headers, **headers}, content=blocks
                    )
            else:
                answer = await self.request(
                    "PATCH", path, kind="upload", headers=headers, content=blocks
                )
                if self._has_ended(deposit, answer):
                    return
                await _before_retry(deposit.tries)
            found = await self.request(
                "HEAD", path, kind="upload", headers={"Tus-Resumable": "1.0.0"}
            )
            if self._has_ended(deposit, found):
                return
            if found is not None and found.status_code == 200:
                offset = int(found.headers["upload-offset"])

    def _has_ended(self, deposit: Deposit, answer: httpx.Response | None) -> bool:
        if answer is None or answer.status_code >= 500:
            return False
        if code := answer.headers.get("receipt-code"):
            deposit.code, deposit.answered_at = code, time.time()
            return True
        if answer.status_code in (200, 204, 409, 423):
            return False
        deposit.refused = f"{answer.status_code} {answer.text[:200]}"
        return True


async def _before_retry(failures: int) -> None:
    await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
