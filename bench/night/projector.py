"""The page of a projector that has a key, with the scripts that only it has: brief-scene.js, which
shows the scene « Le sujet », and decks-store.js.
"""

import asyncio
import json
import math
import struct
import time
from io import BytesIO
from typing import Any

import httpx

from bench.night.tab import NightTab
from hackathon.base.core import encryption
from hackathon.run.page_client import markup
from hackathon.run.page_client.client import Browser

# Seconds, as in the scripts.
CALM, LAST, DUE, SOON = 10.0, 2.0, 0.7, 0.3
LAST_MINUTES = 120.0
DECKS = 60.0
EPSILON = 0.002  # a timer may wake too early
CUT = 30.0  # before the instant of the briefs
RIGHT_CLOCK_MS, WRONG_CLOCK_MS = 20, 600


class ProjectorTab(NightTab):
    """Loses its network before the instant of the briefs if the role of its person is `cut`.
    Another one says that its clock is wrong, and so gets the key at the instant and not before.
    """

    def __init__(self, browser: Browser, path: str, html: str) -> None:
        self.is_cut = browser.person.role == "cut"
        self.has_network = True
        self.brief_at = math.nan  # epoch seconds
        self.decks: dict[str, int] = {}  # bytes
        self._instant, self._timers_for = math.inf, math.inf
        self._package_id, self._package = "", b""
        self._reporting: asyncio.Task[None] | None = None
        self.brief: dict[str, Any] | None = None  # what is shown from the instant on
        super().__init__(browser, path, html)
        self._report_now()
        self.start(self._store_decks(), awaited=False)

    async def fetch(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        return await super().fetch(method, path, **more) if self.has_network else None

    # ------------------------------------------------------------ the brief

    def _report_in(self, seconds: float) -> None:
        if self._reporting:
            self._reporting.cancel()
        self._reporting = self.later(seconds, self._report_now, awaited=False)

    def _report_now(self) -> None:
        """The next one does not wait for the answer."""
        left = self._instant - time.time()
        pause = CALM
        if 0 < left < LAST_MINUTES:
            pause = min(LAST, left + EPSILON)  # at the instant the page reports too
        elif -LAST_MINUTES < left <= 0 and not self.brief:
            pause = DUE
        self._report_in(pause)
        self.start(self._report(), awaited=False)

    async def _report(self) -> None:
        said = {
            "package": self._package_id if self._package else "",
            "has_key": "on" if self.brief else "",
            "clock_error_ms": str(RIGHT_CLOCK_MS if self.is_cut else WRONG_CLOCK_MS),
        }
        answer = await self.fetch("POST", f"{self.path}etat/", data=said)
        if answer is None or answer.status_code != 200:
            return
        before = (self._package, self.brief)
        await self._take(answer.json())
        if (self._package, self.brief) != before:
            self._report_in(SOON)

    async def _take(self, known: dict[str, Any]) -> None:
        if known["instant"]:
            self._instant = markup.instant(known["instant"])
        listed = known["package"]
        if listed and listed["id"] != self._package_id:
            self._package_id, self._package, self.brief = listed["id"], b"", None
            answer = await self.fetch("GET", listed["url"])
            if answer is not None and answer.status_code == 200:
                self._package = answer.content
        if known["key"] and self._package and self.brief is None:
            self.brief = opened(self._package, known["key"])
            self.later(self._instant - time.time(), self._show, awaited=False)
        if self.is_cut and self._timers_for != self._instant < math.inf:
            self._timers_for = self._instant
            self.later(self._instant - CUT - time.time(), self._cut, awaited=False)

    def _show(self) -> None:
        self.brief_at = time.time()

    def _cut(self) -> None:
        """Sockets and requests end; the timer goes on."""
        self.has_network = False
        self.close()
        if self.brief:
            self.later(self._instant - time.time(), self._show, awaited=False)

    # ------------------------------------------------------------ decks

    async def _store_decks(self) -> None:
        while True:
            answer = await self.fetch("GET", f"{self.path}supports/")
            listed = answer.json()["decks"] if answer and answer.status_code == 200 else []
            for deck in listed:
                if str(deck["id"]) not in self.decks:
                    file = await self.fetch("GET", f"{self.path}supports/{deck['id']}/")
                    if file is not None and len(file.content) == deck["size"]:
                        self.decks[str(deck["id"])] = deck["size"]
            if listed:
                said = {"stored": str(len(self.decks)), "wanted": str(len(listed))}
                await self.fetch("POST", f"{self.path}supports/", data=said)
            await asyncio.sleep(DECKS)


def opened(package: bytes, key: str) -> dict[str, Any]:
    """The manifest."""
    plain = b"".join(encryption.decrypt(BytesIO(package), key))
    (length,) = struct.unpack(">I", plain[:4])
    return dict(json.loads(plain[4 : 4 + length]))
