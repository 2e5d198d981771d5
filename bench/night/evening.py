"""The people of a running site, which page each has open, and what organizers do."""

import asyncio
import math
import random
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx

from bench.night.measure import Clicks, Meter
from bench.night.processes import Night
from bench.night.projector import ProjectorTab
from bench.night.tab import NightTab
from hackathon.run.page_client.client import Browser, Notes, Person

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
    students: list[Person] = field(default_factory=list)
    others: list[Person] = field(default_factory=list)
    projectors: list[Person] = field(default_factory=list)
    organizer: Person = field(default_factory=lambda: Person("organizer", 0, ""))
    deadline_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    delayed_team: int | None = None
    slowness: float = 0.0  # seconds that pages take to follow a moved deadline

    def people(self, phase: str) -> None:
        found = self.night.inside("demo", phase=phase)

        def person(data: dict[str, Any], number: int) -> Person:
            return Person(**data, language="fr" if number % ENGLISH_EVERY else "en")

        self.students = [person(data, n) for n, data in enumerate(found["students"])]
        jurors = [person(data, n + 1) for n, data in enumerate(found["jurors"])][:JURORS]
        self.organizer = person(found["organizer"], 1)
        self.others = [*[self.organizer] * ORGANIZERS, *jurors]
        self.projectors = [Person("projector", 0, "", code=key) for key in found["projectors"]]
        self.deadline_at = datetime.fromisoformat(found["deadline_at"])

    def browser(self, person: Person) -> Browser:
        tab = ProjectorTab if person in self.projectors else NightTab
        return Browser(person, self.night.site, Notes(began=0.0), tab)

    def pages_of(self, mix: dict[str, int]) -> list[tuple[Person, str]]:
        """Always the same people on the same pages."""
        chosen = random.Random(23)  # noqa: S311
        paths = chosen.choices(list(mix), list(mix.values()), k=len(self.students))
        own = {"organizer": "/pilotage/", "juror": "/jury/"}
        students = list(zip(self.students, paths, strict=True))
        chosen.shuffle(students)
        return [*((p, own[p.role]) for p in self.others), *students][: self.pages]

    @asynccontextmanager
    async def open(
        self, mix: dict[str, int], projectors: Sequence[Person] = ()
    ) -> AsyncIterator[Meter]:
        """All pages are open, and a trickle of other clicks goes on. `projectors`: beside them."""
        self.projectors = list(projectors)
        queue = self.pages_of(mix)
        queue += [(person, f"/projection/{person.code}/") for person in projectors]
        browsers: list[Browser] = []

        async def load_all() -> None:
            while queue:
                person, path = queue.pop()
                browser = self.browser(person)
                browsers.append(browser)
                status = await browser.open(path)
                if status in (0, 503):  # the machine is busy with something else
                    status = await browser.open(path)
                if status != 200:
                    raise RuntimeError(f"{path}: {status}\n{self.night.log}")

        await asyncio.gather(*(load_all() for _ in range(8)))
        tabs = [browser.tab for browser in browsers if isinstance(browser.tab, NightTab)]
        clicks = Clicks([self.browser(student) for student in self.students[::7]])
        clicking = asyncio.create_task(clicks.run())
        meter = Meter(self.night, tabs, clicks)
        try:
            await meter.calm(time.time(), least=2)
            await meter.measure_quiet()
            yield meter
        finally:
            clicking.cancel()
            for browser in (*browsers, *clicks.browsers):
                await browser.close()
            if trouble := [each for tab in tabs for each in tab.browser.notes.trouble]:
                raise RuntimeError("\n".join(trouble))

    # ------------------------------------------------------------ what organizers do

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """As the organizer. Raises if the site refuses."""
        browser = self.browser(self.organizer)
        answer = await browser.request(method, path, **more)
        if answer is not None and answer.status_code == HTTPStatus.TEMPORARY_REDIRECT:
            # To the page of the shown edition.
            answer = await browser.request(method, answer.headers["location"], **more)
        await browser.close()
        if answer is None or answer.status_code not in (200, 201, 302):
            said = f"{answer.status_code} {answer.text[:500]}" if answer else "no answer"
            raise RuntimeError(f"{method} {path}: {said}")
        return answer

    async def extend(self, team: int, *, minutes: int) -> None:
        """The page asks which instant is meant if a deliverable has its own deadline."""
        address = "/pilotage/delai/"
        form = {"target": f"team:{team}", "minutes": minutes, "reason": "panne de réseau"}
        answer = await self.ask("POST", address, data=form)
        if found := re.search(r'name="confirmed" value="([^"]+)"', answer.text):
            await self.ask("POST", address, data={**form, "confirmed": found[1]})

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
        state = await self.ask("PATCH", "/api/v1/edition/", json=instants)
        self.deadline_at = datetime.fromisoformat(state.json()["deadline_at"])


async def wait_until(at: float) -> None:
    """Epoch seconds."""
    await asyncio.sleep(max(0.0, at - time.time()))


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
