"""The people of a running site, which page each has open, and what organizers do."""

import asyncio
import json
import math
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from bench.night.measure import Clicks, Meter
from bench.night.page import scripts_of
from bench.night.processes import Night
from bench.night.tab import CSRF, Tab, Visitor
from bench.night.wire import Answer, request

# What of a hundred students have open.
EVENING = {"/rendu/": 62, "/": 12, "/equipe/": 10, "/annonces/": 8, "/sujets/": 8}
MORNING = {"/sujets/": 75, "/": 10, "/equipe/": 10, "/annonces/": 5}
FACADE = {"/": 100}
CEREMONY = {"/palmares/": 40, "/ceremonie/": 25, "/rendu/": 20, "/": 15}
ORGANIZERS = 4
JURORS = 10
ENGLISH_EVERY = 10


@dataclass
class Evening:
    """The people of a running site, and what organizers do there."""

    night: Night
    pages: int
    students: list[Visitor] = field(default_factory=list)
    others: list[Visitor] = field(default_factory=list)
    organizer: Visitor | None = None
    token: str = ""
    deadline_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    delayed_team: int | None = None
    slowness: float = 0.0  # seconds that pages take to follow a moved deadline

    def people(self, phase: str) -> None:
        found = self.night.inside("demo", phase=phase)

        def visitor(data: dict[str, Any], number: int) -> Visitor:
            known = {k: v for k, v in data.items() if k not in ("token", "misses")}
            return Visitor(**known, language="fr" if number % ENGLISH_EVERY else "en")

        self.students = [visitor(data, n) for n, data in enumerate(found["students"])]
        jurors = [visitor(data, n + 1) for n, data in enumerate(found["jurors"])][:JURORS]
        self.token = found["organizer"]["token"]
        self.organizer = visitor(found["organizer"], 1)
        self.others = [*[self.organizer] * ORGANIZERS, *jurors]
        self.deadline_at = datetime.fromisoformat(found["deadline_at"])

    def tabs(self, mix: dict[str, int]) -> list[Tab]:
        """Always the same people on the same pages."""
        chosen = random.Random(23)  # noqa: S311
        paths = chosen.choices(list(mix), list(mix.values()), k=len(self.students))
        own = {"organizer": "/pilotage/", "juror": "/jury/"}
        tabs = [Tab(v, own[v.role], self.night.ports) for v in self.others]
        students = list(zip(self.students, paths, strict=True))
        chosen.shuffle(students)
        tabs += [Tab(v, path, self.night.ports) for v, path in students]
        return tabs[: self.pages]

    @asynccontextmanager
    async def open(self, mix: dict[str, int]) -> AsyncIterator[Meter]:
        """All pages are open, and a trickle of other clicks goes on."""
        tabs = self.tabs(mix)
        queue = list(tabs)

        async def load_all() -> None:
            while queue:
                tab = queue.pop()
                answer = await tab.load(scripts_of)
                if answer.status in (0, 503):  # the machine is busy with something else
                    answer = await tab.load(scripts_of)
                if answer.status != 200:
                    raise RuntimeError(f"{tab.path}: {answer.status}\n{self.night.log}")

        await asyncio.gather(*(load_all() for _ in range(8)))
        clicks = Clicks(self.night.ports.pages, self.students[::7])
        clicking = asyncio.create_task(clicks.run())
        meter = Meter(self.night, tabs, clicks)
        try:
            await meter.calm(time.monotonic(), least=2)
            await meter.measure_quiet()
            yield meter
        finally:
            clicking.cancel()
            for tab in tabs:
                tab.close()

    # ------------------------------------------------------------ what organizers do

    async def api(self, method: str, path: str, data: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        body = json.dumps(data).encode()
        answer = await request(self.night.ports.pages, method, path, headers, body)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.text[:500]}")
        return dict(json.loads(answer.body))

    async def post(self, path: str, data: dict[str, Any]) -> Answer:
        assert self.organizer is not None
        headers = {
            **self.organizer.headers,
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(data).encode()
        answer = await request(self.night.ports.pages, "POST", path, headers, body)
        if answer.status == HTTPStatus.TEMPORARY_REDIRECT:  # to the page of the shown edition
            path = answer.headers["location"]
            answer = await request(self.night.ports.pages, "POST", path, headers, body)
        if answer.status not in (200, 302):
            raise RuntimeError(f"POST {path}: {answer.status} {answer.text[:500]}")
        return answer

    async def move_to_soon(self, what: str, seconds: float) -> datetime:
        """The deadline or the end of the grace comes in so many seconds, 15 to 60."""
        seconds = 15.0 if math.isnan(seconds) else min(max(15.0, seconds), 60.0)
        at = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
        if what == "grace":
            grace = int((at - self.deadline_at).total_seconds())
            await self.move(grace_seconds=grace)
        else:
            await self.move(deadline_at=at.isoformat())
        return at

    async def move(self, **instants: Any) -> None:
        state = await self.api("PATCH", "/api/v1/edition/", instants)
        self.deadline_at = datetime.fromisoformat(state["deadline_at"])


def monotonic(at: datetime) -> float:
    return time.monotonic() + at.timestamp() - time.time()


def instant_in(html: str, at: datetime) -> bool:
    """Whether the page mentions this instant as a machine reads it, in any zone."""
    seconds = at.timestamp()
    html = html[html.find("<header") :]  # not the attributes of <body>, which sky.js keeps
    for text in set(
        re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)", html)
    ):
        if abs(datetime.fromisoformat(text).timestamp() - seconds) < 1:
            return True
    return False
