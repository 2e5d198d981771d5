"""The browser of one person, as far as the server notices it: requests, and one open page."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from re import compile as pattern
from typing import Any

import httpx

from hackathon.run.page_client.tab import Tab

CSRF = "t" * 32
NUMBER = pattern(r"\d+|[0-9a-f]{32}")
CONNECTIONS = 6  # of one browser
KEPT_SECONDS = 60  # as browsers do: handshakes cost CPU


@dataclass(frozen=True)
class Person:
    role: str
    user: int
    session: str
    team: int = 0
    # (id, kind, extension, most bytes) of what the department asks for
    deliverables: tuple[tuple[int, str, str, int], ...] = ()
    teams: tuple[int, ...] = ()  # those that a juror reads
    criteria: tuple[int, ...] = ()
    code: str = ""  # of the department
    language: str = "fr"


@dataclass(frozen=True)
class Site:
    """Addresses: behind a proxy all are the same. `connections`: that a browser keeps open between
    two requests.
    """

    pages: str
    live: str
    uploads: str
    tls: ssl.SSLContext | None = None
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Sample:
    """Seconds since the beginning, of the answer; `status` 0: no answer, because of `error`."""

    at: float
    kind: str  # page, part, action, upload
    route: str
    status: int
    seconds: float
    error: str = ""


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
    submission: str = ""  # its id
    received_at: str = ""  # ISO 8601, by the clock of the server
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
    sockets_opened: int = 0
    socket_losses: int = 0
    marks: int = 0
    marks_refused: int = 0
    trouble: list[str] = field(default_factory=list)
    # When this program should have gone on, in seconds since the beginning, and how late it was.
    lags: list[tuple[float, float]] = field(default_factory=list)

    def note(self, kind: str, route: str, status: int, seconds: float, error: str = "") -> None:
        self.samples.append(Sample(time.time() - self.began, kind, route, status, seconds, error))


@lru_cache(maxsize=1)
def _unused_tls() -> ssl.SSLContext:
    """For clients without https: without it httpx makes one for each client, which takes 20 ms."""
    return ssl.create_default_context()


def http_client(site: Site) -> httpx.AsyncClient:
    """For one person. With one connection pool for all people, requests waited seconds for a
    connection (decision 30). It keeps no cookies.
    """
    nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(
        base_url=site.pages,
        verify=site.tls or _unused_tls(),
        cookies=nothing,
        timeout=httpx.Timeout(60),
        limits=httpx.Limits(
            max_connections=CONNECTIONS,
            max_keepalive_connections=site.connections,
            keepalive_expiry=KEPT_SECONDS,
        ),
        trust_env=False,
    )


class Browser:
    def __init__(
        self,
        person: Person,
        site: Site,
        notes: Notes,
        make_tab: Callable[["Browser", str, str], Tab] = Tab,
    ) -> None:
        self.person, self.site, self.notes = person, site, notes
        self._make_tab = make_tab
        self.http = http_client(site)
        self.tab: Tab | None = None

    @property
    def cookies(self) -> str:
        host = "__Host-" if self.site.pages.startswith("https:") else ""
        cookies = {
            "sessionid": self.person.session,
            "csrftoken": CSRF,
            "django_language": self.person.language,
        }
        return "; ".join(f"{host}{name}={value}" for name, value in cookies.items())

    def _origin(self, path: str) -> str:
        return self.site.uploads if path.startswith("/uploads/") else self.site.pages

    def url(self, path: str) -> str:
        return self._origin(path) + path

    def headers(self, path: str) -> dict[str, str]:
        return {"Cookie": self.cookies, "X-CSRFToken": CSRF, "Origin": self._origin(path)}

    async def request(
        self, method: str, path: str, *, kind: str = "action", **more: Any
    ) -> httpx.Response | None:
        """None without an answer. Every request is a sample, under its path without numbers."""
        began = time.monotonic()
        headers = {**self.headers(path), **more.pop("headers", {})}
        route = f"{method} {NUMBER.sub('N', path.partition('?')[0])}"
        answer, status, reason = None, 0, ""
        try:
            answer = await self._answer(method, self.url(path), headers=headers, **more)
            status = answer.status_code
        except httpx.HTTPError as error:
            reason = type(error).__name__
        self.notes.note(kind, route, status, time.monotonic() - began, reason)
        return answer

    async def _answer(self, method: str, url: str, **more: Any) -> httpx.Response:
        """As browsers do: a GET on a connection that the server was closing is sent once more."""
        try:
            return await self.http.request(method, url, **more)
        except httpx.RemoteProtocolError:
            if method != "GET":
                raise
            return await self.http.request(method, url, **more)

    async def open(self, path: str) -> int:
        """Loads the page, and opens its socket in the place of the one before. The status."""
        answer = await self.request("GET", path, kind="page")
        if answer is not None and answer.status_code == 200:
            self.leave()
            self.tab = self._make_tab(self, path, answer.text)
        return 0 if answer is None else answer.status_code

    def leave(self) -> None:
        if self.tab is not None:
            self.tab.close()
        self.tab = None

    async def close(self) -> None:
        self.leave()
        await self.http.aclose()
