"""What happens during a rehearsal, and when. All people are tasks of one event loop; hand-ins run
in another one.
"""

import asyncio
import math
import random
import re
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from http import HTTPStatus
from typing import Any

import uvloop
from channels.db import database_sync_to_async

from hackathon.base.core import clock
from hackathon.extras.trial_runs import decisions
from hackathon.extras.trial_runs.demo.people import Cast, Plan
from hackathon.extras.trial_runs.hand_ins import hand_in
from hackathon.run.page_client.client import Browser, Notes, Person, Site
from hackathon.run.page_client.tab import Tab

# What of a hundred students have open.
STUDENTS_OPEN = {"/rendu/": 60, "/": 14, "/equipe/": 10, "/annonces/": 8, "/sujets/": 8}
ORGANIZERS_OPEN = ("/pilotage/", "/pilotage/", "/annonces/", "/")
CLICK_SECONDS = 25.0  # between two pages of a student
MARK_SECONDS = 2.0  # between two marks of a juror
EXTENSION_MINUTES = 5
LAG_SECONDS = 0.2
DEFAULT_BYTES = 8_000_000  # with 2.4 files per team, some 25 MB of each
SEEN = re.compile(r'name="seen" value="(\d+)"')
ANNOUNCED = re.compile(r"Annonce \d+ de la répétition")


class AttentiveTab(Tab):
    """Notes when it has an announcement that the page did not contain."""

    def __init__(self, browser: Browser, path: str, html: str) -> None:
        super().__init__(browser, path, html)
        self._announced = set(ANNOUNCED.findall(html))

    def change(self, change: Callable[[str], str]) -> None:
        """Not computed: it would take the processor of this program, and the server none."""

    def dispatch(self, message: dict[str, Any]) -> None:
        super().dispatch(message)
        # The server repeats the last messages before it has resumed.
        is_repeated = not self.connection.is_resumed and (
            message.get("id", 0) <= self.connection.made_after
        )
        if message["type"] != "announcement.published" or is_repeated:
            return
        announced = self.browser.notes.announced
        text = ANNOUNCED.search(str(message["data"].get("html")))
        if text and text[0] in announced and text[0] not in self._announced:
            self._announced.add(text[0])
            announced[text[0]][1].append(time.time())


class Event:
    def __init__(
        self,
        url: str,
        cast: Cast,
        plan: Plan,
        tls: ssl.SSLContext | None,
        *,
        size: int,
        line: int = 0,
    ) -> None:
        self.notes = Notes()
        self.extended: tuple[int, int] = (0, 0)  # team, minutes
        self._site = Site(url, url, url, tls)
        self._cast, self._plan, self._size = cast, plan, size
        self._noise, self._line = random.randbytes(4 * size), line
        self._browsers: list[Browser] = []

    async def run(self, say: Callable[[str], None]) -> None:
        only_end = self._plan.only_end
        asyncio.get_running_loop().set_exception_handler(without_lost_lines)
        await self._until(self._plan.begins_at)
        self.notes.began = time.time()
        roles = [
            *(self._student(person) for person in self._cast.students),
            self._all_hand_ins(),
            *([] if only_end else [self._juror(person) for person in self._cast.jurors]),
            *(self._organizer(path) for path in ORGANIZERS_OPEN),
            self._announcements(),
            self._acts(say),
            self._lag(),
        ]
        running = [asyncio.create_task(self._watched(role)) for role in roles]
        await asyncio.wait(running)
        for browser in self._browsers:
            await browser.close()

    async def _watched(self, role: Coroutine[Any, Any, None]) -> None:
        """What goes wrong in this program is written down, and the others go on."""
        try:
            await role
        except Exception as error:  # noqa: BLE001 - the report names it
            self.notes.trouble.append(repr(error))

    def _browser(self, person: Person) -> Browser:
        browser = Browser(person, self._site, self.notes, AttentiveTab)
        self._browsers.append(browser)
        return browser

    def _teams(self) -> dict[int, list[Person]]:
        teams: dict[int, list[Person]] = {}
        for student in self._cast.students:
            teams.setdefault(student.team, []).append(student)
        return teams

    async def _until(self, at: datetime) -> None:
        await asyncio.sleep(max(0.0, at.timestamp() - time.time()))

    async def _lag(self) -> None:
        while time.time() < self._plan.ends_at.timestamp():
            began, due = time.monotonic(), time.time() + LAG_SECONDS - self.notes.began
            await asyncio.sleep(LAG_SECONDS)
            self.notes.lags.append((due, time.monotonic() - began - LAG_SECONDS))

    async def _pause(self, seconds: float) -> None:
        left = self._plan.ends_at.timestamp() - time.time()
        await asyncio.sleep(max(0.0, min(left, seconds)))

    async def _arrive(self) -> None:
        """People who are awaited at one instant come within a minute of it (or less)."""
        ramp = min(60.0, 0.1 * self._plan.length.total_seconds())
        await asyncio.sleep(random.uniform(0, ramp))

    # ------------------------------------------------------------ students

    async def _student(self, person: Person) -> None:
        """Opens a page, and another one now and then."""
        browser = self._browser(person)
        paths, weights = list(STUDENTS_OPEN), list(STUDENTS_OPEN.values())
        await self._arrive()
        while time.time() < self._plan.ends_at.timestamp():
            await browser.open(random.choices(paths, weights)[0])
            await self._pause(random.expovariate(1 / CLICK_SECONDS))

    async def _all_hand_ins(self) -> None:
        """In a thread and an event loop of their own: the encryption of files must not delay the
        pages of other people.
        """
        started: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[Any]]] = []

        async def hand_in() -> None:
            asyncio.get_running_loop().set_exception_handler(without_lost_lines)
            teams = [self._watched(self._hand_ins(team)) for team in self._teams().values()]
            everything = asyncio.gather(*teams)
            started.append((asyncio.get_running_loop(), everything))
            await everything

        thread = asyncio.ensure_future(asyncio.to_thread(uvloop.run, hand_in()))
        try:
            await asyncio.shield(thread)
        except asyncio.CancelledError:
            for loop, everything in started:
                loop.call_soon_threadsafe(everything.cancel)
            raise

    async def _hand_ins(self, members: list[Person]) -> None:
        """Each deliverable once, more and more towards the deadline; some twice, some too late."""
        plan = self._plan
        browser = Browser(members[0], self._site, self.notes)
        first = plan.at(0.0 if plan.only_end else 0.15).timestamp()
        deadline = plan.deadline_at.timestamp()
        times: list[tuple[float, tuple[int, str, str, int]]] = []
        for wanted in members[0].deliverables:
            for _ in range(2 if random.random() < 0.25 else 1):
                at = deadline - (deadline - first) * random.random() ** 3
                if random.random() < 0.04:
                    at = deadline + random.uniform(0.2, 0.1 * plan.length.total_seconds())
                times.append((at, wanted))
        async with asyncio.TaskGroup() as group:
            for at, wanted in times:
                group.create_task(self._hand_in(browser, wanted, at))
        await browser.close()

    async def _hand_in(
        self, browser: Browser, wanted: tuple[int, str, str, int], at: float
    ) -> None:
        await asyncio.sleep(max(0.0, at - time.time()))
        size = round(random.lognormvariate(math.log(self._size), 0.7))
        size = max(1000, min(size, wanted[3], 4 * self._size))
        await hand_in(browser, wanted, self._noise, size, line=self._line)

    async def _ask_for_code(self) -> None:
        """For the process `mail`. The mail goes to nobody: its address is below .invalid."""
        stranger = self._browser(Person("stranger", 0, ""))
        data = {"login": self._cast.address}
        answer = await stranger.request("POST", "/compte/connexion/", data=data)
        status = 0 if answer is None else answer.status_code
        if status != HTTPStatus.FOUND:
            self.notes.trouble.append(f"A sign-in code was asked for: {status or 'no answer'}")

    # ------------------------------------------------------------ jurors

    async def _juror(self, person: Person) -> None:
        browser = self._browser(person)
        await self._until(self._plan.judging_at)
        await self._arrive()
        await browser.open("/jury/")
        versions: dict[int, int] = {}
        seconds = (self._plan.deliberation_at - self._plan.judging_at).total_seconds()
        # In a short rehearsal faster, so that each juror finishes a sheet.
        pause = min(MARK_SECONDS, seconds / 2 / max(1, len(person.criteria)))
        for team in person.teams:
            await browser.open(f"/jury/{person.code}/equipes/{team}/")
            for criterion in person.criteria:
                if time.time() > self._plan.deliberation_at.timestamp():
                    return
                value = str(random.randrange(2, 11) / 2)
                mark = {"kind": "mark", "criterion": criterion, "value": value}
                await self._change(browser, team, mark, versions)
                await asyncio.sleep(random.uniform(0.2, 1.8) * pause)
            await self._change(browser, team, {"kind": "finish"}, versions)

    async def _change(
        self, browser: Browser, team: int, change: dict[str, Any], versions: dict[int, int]
    ) -> None:
        """`versions`: of the sheets of this juror, by team."""
        change |= {"key": str(uuid.uuid4()), "team": team, "base": versions.get(team, 0)}
        change |= {"seen": [], "device": "repetition"}
        answer = await browser.request(
            "POST",
            "/jury/synchroniser/",
            json={"for": browser.person.user, "changes": [change]},
        )
        if answer is not None and answer.status_code == 200:
            (result,) = answer.json()["answers"]
            versions[team] = result.get("version") or versions.get(team, 0)
            self.notes.marks += "criterion" in change
            self.notes.marks_refused += result["state"] != "accepted"

    # ------------------------------------------------------------ organizers

    async def _organizer(self, path: str) -> None:
        browser = self._browser(self._cast.organizer)
        await asyncio.sleep(random.uniform(0, 3))
        while time.time() < self._plan.ends_at.timestamp():
            await browser.open(path)
            await self._pause(random.uniform(0.5, 1.5) * CLICK_SECONDS)

    async def _announcements(self) -> None:
        """To everyone. When each open page has one is measured."""
        browser = self._browser(self._cast.organizer)
        every = max(2.0, self._plan.length.total_seconds() / 30)
        await self._until(self._plan.at(0.12))
        number = 0
        while time.time() < self._plan.at(0.97).timestamp():
            number += 1
            text = f"Annonce {number} de la répétition"
            self.notes.announced[text] = (time.time(), [])
            body = {"audience": "everyone", "body": text}
            await browser.request("POST", "/api/v1/announcements/", json=body)
            await asyncio.sleep(every)

    async def _post(self, browser: Browser, path: str, data: dict[str, Any]) -> bool:
        """Whether it was done. If not, the report lists it."""
        answer = await browser.request("POST", path, data=data)
        status = 0 if answer is None else answer.status_code
        location = "" if answer is None else answer.headers.get("location", "")
        moved = status == HTTPStatus.TEMPORARY_REDIRECT or location.startswith("/compte/")
        is_done = 200 <= status < 400 and not moved
        if not is_done:
            self.notes.trouble.append(f"POST {path}: {status or 'no answer'} {location}".strip())
        return is_done

    async def _acts(self, say: Callable[[str], None]) -> None:
        plan, organizer = self._plan, self._browser(self._cast.organizer)
        team = min(self._teams())

        async def extension() -> None:
            data = {"target": f"team:{team}", "minutes": EXTENSION_MINUTES, "reason": "Panne"}
            if await self._post(organizer, "/pilotage/delai/", data):
                self.extended = (team, EXTENSION_MINUTES)

        async def decide() -> None:
            try:
                await database_sync_to_async(decisions.make)(self._cast.edition, at=clock.now())
            except decisions.NotDecided as error:
                self.notes.trouble.append(f"No decision of the jury: {error}")

        async def press(button: str) -> None:
            path = "/ceremonie/telecommande/"
            page = await organizer.request("GET", path, kind="page")
            seen = SEEN.search(page.text) if page is not None else None
            data = {"do": button, "seen": seen[1] if seen else "0"}
            await self._post(organizer, path, data)

        async def ceremony() -> None:
            await press("start")
            for _ in range(6):
                await press("next")
                await asyncio.sleep(0.01 * plan.length.total_seconds())
            await press("end")

        async def publish() -> None:
            slug = self._cast.edition.slug
            path = f"/organisation/editions/{slug}/resultats/"
            await self._post(organizer, path, {"confirmed": "on"})

        acts: list[tuple[datetime, str, Callable[[], Awaitable[None]]]] = [
            (plan.briefs_at, "The briefs are public.", _nothing),
            (plan.at(0.3), "Somebody asks for a sign-in code.", self._ask_for_code),
            (plan.at(0.4), "One team gets an extension.", extension),
            (plan.deadline_at, "The deadline.", _nothing),
        ]
        judging: list[tuple[datetime, str, Callable[[], Awaitable[None]]]] = [
            (plan.judging_at, "The juries mark.", _nothing),
            (plan.deliberation_at, "The juries decide.", decide),
            (plan.at(0.91), "The ceremony.", ceremony),
            (plan.at(0.98), "The results are published.", publish),
        ]
        for at, sentence, act in acts if plan.only_end else acts + judging:
            await self._until(at)
            say(sentence)
            await act()


async def _nothing() -> None:
    pass


def without_lost_lines(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Of an event loop. Lines that break, of TLS too, are in the samples of their requests: without
    this, each is a traceback over the table.
    """
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


def verified(url: str, *, insecure: bool) -> ssl.SSLContext | None:
    """For https. `insecure`: any certificate, as a test has one."""
    if not url.startswith("https:"):
        return None
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
