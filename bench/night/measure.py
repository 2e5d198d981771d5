"""What is measured during one event: when each page was right, requests, clicks, CPU."""

import asyncio
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.night.processes import Night
from bench.night.tab import NightTab
from bench.uploads.servers import database_cpu
from hackathon.run.page_client.client import Browser
from hackathon.run.page_client.markup import live_elements, part, plain

CLICKS_PER_SECOND = 10
CLICKED = ["/rendu/", "/", "/equipe/", "/annonces/", "/sujets/", "/questions/"]
LEAST_SECONDS = 5.0  # of a window in which clicks and CPU are counted
MOST_SECONDS = 90.0
# Pages ask after at most 3.2 s; what they ask later has another cause, for example an inspection.
SOON_SECONDS = 4.5
CONTROL_ROOM = "/pilotage/"
KEY = re.compile(r"/projection/[^/]+/")
SAMPLE = 12  # pages that are compared with a fresh one

type Test = Callable[[NightTab, str, str], bool]
"""(tab, the page's HTML, the texts of its toasts) -> whether it is right."""


@dataclass
class Clicks:
    """Other people's clicks: ten pages per second, each at its time, however long others take."""

    browsers: Sequence[Browser]
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def run(self) -> None:
        due = time.time()
        number = 0
        while True:
            browser = self.browsers[number % len(self.browsers)]
            path = CLICKED[number % len(CLICKED)]
            task = asyncio.create_task(browser.request("GET", path, kind="page"))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            number += 1
            due += 1 / CLICKS_PER_SECOND
            await asyncio.sleep(max(0.0, due - time.time()))

    def between(self, since: float, until: float) -> list[float]:
        samples = [sample for browser in self.browsers for sample in browser.notes.samples]
        return [each.seconds for each in samples if since <= each.at - each.seconds <= until]


@dataclass
class Result:
    """Milliseconds from the event until pages were right, over the pages that it concerns."""

    event: str
    pages: int
    p50: float
    p95: float
    last: float
    never: int  # pages that were not right in the end
    requests_per_page: float
    most_requests: int
    clicks_p50: float
    clicks_p95: float
    cpu_site: float  # seconds, beyond those of a quiet time with the same clicks
    cpu_database: float
    cpu_client: float
    differing: list[str]  # parts of the sample that are not as in a fresh page
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Meter:
    night: Night
    tabs: list[NightTab]
    clicks: Clicks
    quiet: tuple[float, float, float] = (0.0, 0.0, 0.0)  # CPU per second

    def _cpu(self) -> tuple[float, float, float]:
        return self.night.cpu, database_cpu(), time.process_time()

    async def calm(self, since: float, least: float = LEAST_SECONDS) -> None:
        """Returns when no page has had anything to do for a second."""
        idle_since = time.time()
        while time.time() < since + MOST_SECONDS + least:
            now = time.time()
            if any(tab.busy for tab in self.tabs):
                idle_since = now
            if now >= since + least and now - idle_since >= 1.0:
                return
            await asyncio.sleep(0.05)

    async def measure_quiet(self, seconds: float = 4.0) -> None:
        before = self._cpu()
        await asyncio.sleep(seconds)
        after = self._cpu()
        self.quiet = tuple((b - a) / seconds for a, b in zip(before, after, strict=True))  # type: ignore[assignment]

    async def event(
        self,
        name: str,
        act: Callable[[], Awaitable[Any]],
        right: Test,
        *,
        concerned: Callable[[NightTab], bool] = lambda tab: True,
        begins: Callable[[], float] = time.time,
        least: float = LEAST_SECONDS,
        counts_from: Callable[[], float] | None = None,
    ) -> Result:
        """`begins` is asked before `act`, for the instant of the event (epoch seconds).

        `counts_from` is asked after it, where the event begins when `act` has ended.
        """
        for tab in self.tabs:
            tab.forget()
        since = begins()
        before, by_process = self._cpu(), self.night.cpu_by_process
        began = time.time()
        late = began - since
        found = await act()
        acted = time.time() - began
        more = dict(found) if isinstance(found, dict) else {}
        if late > 0.1:  # the machine was too busy to be ready for an instant of the clock
            more["begun_too_late_s"] = late
        if counts_from:
            since = counts_from()
        await self.calm(max(since, time.time() - least), least)
        after, lasted = self._cpu(), time.time() - began
        cpu = [b - a - rate * lasted for a, b, rate in zip(before, after, self.quiet, strict=True)]
        for process, spent in self.night.cpu_by_process.items():
            more[f"cpu_{process}"] = spent - by_process.get(process, 0.0)
        chosen = [tab for tab in self.tabs if concerned(tab)]
        instants = [right_at(tab, since, right) for tab in chosen]
        delays = sorted(1000 * max(0.0, at - since) for at in instants if at is not None)
        last = delays[-1] if delays else float("nan")
        slowest = (
            max((at, tab.path) for at, tab in zip(instants, chosen, strict=True) if at is not None)[
                1
            ]
            if delays
            else ""
        )
        if delayed := [
            each for tab in chosen if tab.path == CONTROL_ROOM for each in tab.part_delays
        ]:
            more["control_room_delay_p50_s"] = quantile(delayed, 0.5)
            more["control_room_delay_most_s"] = max(delayed)
        more |= {"act_s": acted, "first": delays[0] if delays else 0.0, "slowest": slowest}
        requests = [caused(tab, since) for tab in self.tabs]
        window = self.clicks.between(since, since + max(LEAST_SECONDS, last / 1000))
        print(f"{name}: {last:.0f} ms", file=sys.stderr, flush=True)
        return Result(
            event=name,
            pages=len(chosen),
            p50=quantile(delays, 0.5),
            p95=quantile(delays, 0.95),
            last=last,
            never=sum(at is None for at in instants),
            requests_per_page=statistics.mean(requests),
            most_requests=max(requests),
            clicks_p50=1000 * quantile(window, 0.5),
            clicks_p95=1000 * quantile(window, 0.95),
            cpu_site=cpu[0],
            cpu_database=cpu[1],
            cpu_client=cpu[2],
            differing=await differences(self.tabs),
            more=more | {"requests": requests_by_path(self.tabs, since)},
        )


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def caused(tab: NightTab, since: float) -> int:
    return sum(request.at - request.seconds >= since for request in tab.requests)


def requests_by_path(tabs: list[NightTab], since: float) -> dict[str, int]:
    """`page -> address`: how many the event caused."""
    counted = Counter(
        KEY.sub("/projection/", f"{tab.path} -> {request.route}")
        for tab in tabs
        for request in tab.requests
        if request.at - request.seconds >= since
    )
    return dict(counted.most_common(8))


def right_at(tab: NightTab, since: float, test: Test) -> float | None:
    """The instant from which the page stayed right, and had no request of the event under way.

    None if it is not right now.
    """
    assert tab.html  # what was not computed yet is in `shown` now
    changes: list[tuple[float, str | None, tuple[int, str] | None]] = [
        *((at, html, None) for at, html in tab.shown),
        *((at, None, (key, text)) for at, key, text in tab.toasts),
    ]
    changes.sort(key=lambda change: change[0])
    html, toasts = tab.shown[0][1], {}
    found: float | None = None
    for at, fresh, toast in changes:
        html = fresh if fresh is not None else html
        if toast:
            toasts[toast[0]] = toast[1]
        if test(tab, html, "\n".join(toasts.values())):
            found = at if found is None else found
        else:
            found = None
    if found is None:
        return None
    answers = [
        request.at
        for request in tab.requests
        if request.route.startswith("GET ")
        and since <= request.at - request.seconds <= since + SOON_SECONDS
    ]
    return max([found, since, *answers])


# ---------------------------------------------------------------- compared with fresh pages

VOLATILE = [
    re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(r"<time[^>]*data-countdown[^>]*>[^<]*</time>"),
    re.compile(r'<span[^>]*data-slot="left"[^>]*>[^<]*</span>'),
    re.compile(r'\sdata-(?:now|made|day-now|at|read-at|sky)="[^"]*"'),
    re.compile(r'\sstyle="[^"]*"'),
    re.compile(r"\?(?:seen|shown)=[^\"]*"),
    re.compile(r'\shx-[a-z-]+(?:="[^"]*")?'),
    re.compile(r'<p class="day-next".*?</p>| is-next(?=[ "])', re.DOTALL),
    re.compile(r' (?:is-first|open)(?=[" >])'),  # what a person has unfolded
    re.compile(r"<template\b.*?</template>", re.DOTALL),
    re.compile(r"(?:il y a|for) \d[\w ]*|à l’instant|\d[\w ]* ago|just now"),  # ages
    # The form of a deliverable, which submissions-card.js folds.
    re.compile(r'<details class="more deposit-more.*?</details>', re.DOTALL),
]
# The client writes less into an announcement than announcements.js.
ANNOUNCEMENT = re.compile(
    r'<li class="announcement[^>]*data-announcement="(\d+)"\s+data-stamp="([^"]*)">.*?</li>',
    re.DOTALL,
)
# The free space of the disk, how long the oldest call waits, counters that counts.js changes, and
# what is fetched once the page is loaded. `room` contains these blocks; its other blocks are
# compared one by one.
CHANGING = {"block-figures", "block-calls", "nav", "health-facts", "health-wrong", "room"}
CHANGING |= {"count-announcements", "count-questions", "count-briefs"}
# Those of an open page stay in their order, so that nothing moves under a hand.
CARDS = re.compile(r'<article class="card deliverable.*?</article>', re.DOTALL)
COMPARED = ("data-shows", "data-fragment")


def compared(html: str) -> str:
    html = ANNOUNCEMENT.sub(r"[\1 \2]", html)
    for pattern in VOLATILE:
        html = pattern.sub("", html)
    cards = iter(sorted(CARDS.findall(html)))
    return plain(CARDS.sub(lambda _: next(cards), html))


async def differences(tabs: list[NightTab]) -> list[str]:
    """`path#id` of each live part of a sample that differs from a page fetched now."""
    found = []
    tabs = [tab for tab in tabs if tab.has_network]
    for tab in random.sample(tabs, min(SAMPLE, len(tabs))):
        answer = await tab.browser.request("GET", tab.path, kind="page")
        if answer is None or answer.status_code != 200:
            found.append(f"{tab.path} {answer and answer.status_code}")
            continue
        fresh = answer.text
        for element in live_elements(fresh):
            key = element["id"]
            if not key or key in CHANGING or not any(name in element for name in COMPARED):
                continue
            if compared(part(fresh, key)) != compared(part(tab.html, key)):
                found.append(f"{tab.path}#{key}")
    return found
