"""Which parts of an open page are fetched again, when, and in which requests: js/parts.js and
js/instants.js of a visible page. The rehearsal and `bench.night` use it.
"""

import random
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from hackathon.base.live.nouns import noun_of
from hackathon.run.page_client import markup
from hackathon.run.page_client.markup import Element

# As in js/parts.js and js/instants.js: tests/page_client/test_parts.py compares them.
FRAGMENT = re.compile(r'data-fragment="([^"]+)"')
OFTEN_UNUSED = "window.changed"
SHOWS_WINDOWS = re.compile(r'data-shows="[^"]*\bwindow\b|data-fragment="(?:facade|hero)"')
SPREAD_MS = 1250.0
SOON_SECONDS = 4.0  # after more without a fetch the first pause counts again
RETRIES_SECONDS = (1.0, 2.0, 5.0, 10.0, 20.0)
MARGIN_SECONDS = 0.02  # a boundary belongs to the earlier state
LONGEST_SECONDS = 5.0  # of one timer: the clock may be set meanwhile

type Message = dict[str, Any]


@dataclass(frozen=True)
class Pace:
    """As in js/parts.js, in ms. `spread` None: as the message says."""

    gather: float
    spread: float | None
    pauses: tuple[float, ...]


PACES = {
    "usual": Pace(250, None, (250, 2000, 3000)),
    "now": Pace(250, 0, (700,)),
    "stage": Pace(30, 0, (700,)),
    "slow": Pace(250, 1500, (8000,)),
}


@dataclass(frozen=True)
class Part:
    """`address`: "" is that of the page."""

    id: str
    shows: frozenset[str] = frozenset()
    address: str = ""
    pace: Pace = PACES["usual"]

    def concerns(self, message: Message) -> bool:
        noun, changed = noun_of(message["type"]), message["data"].get("changed")
        if noun in self.shows:
            return True
        fields = {each.partition(".")[2] for each in self.shows if each.startswith(f"{noun}.")}
        return bool(fields) and (not changed or not fields.isdisjoint(changed))


class Timer(Protocol):
    def cancel(self) -> object: ...


class Page(Protocol):
    """`fetch_parts`: whether there was an answer. `later`: in seconds; `awaited` if the page will
    do something because of a message. `change`: what it becomes, without a request.
    """

    @property
    def html(self) -> str: ...

    def fetch_parts(self, address: str, ids: list[str]) -> Awaitable[bool]: ...

    def later(self, seconds: float, run: Callable[[], None], *, awaited: bool) -> Timer: ...

    def start(self, work: Any) -> object: ...

    def change(self, change: Callable[[str], str]) -> None: ...


def unused_types(html: str) -> list[str]:
    """The types of messages that js/live.js names in `without` for this page."""
    return [] if SHOWS_WINDOWS.search(html) else [OFTEN_UNUSED]


def parts_of(elements: Iterable[Element]) -> list[Part]:
    return [
        Part(
            id=element["id"],
            shows=frozenset(element["data-shows"].split()),
            address=element["data-src"],
            pace=PACES[element["data-pace"] or "usual"],
        )
        for element in elements
        if "data-shows" in element and element["id"]
    ]


@dataclass
class _Source:
    """What is fetched from one address. Instants are on `time.monotonic()`."""

    ids: dict[str, None] = field(default_factory=dict)  # of its stale parts, in their order
    timer: Timer | None = None
    due: float = 0.0
    fetched_at: float = float("-inf")
    fetches_in_row: int = 0
    failures: int = 0

    def take_ids(self) -> list[str]:
        now = time.monotonic()
        is_soon = now - self.fetched_at <= SOON_SECONDS
        self.fetches_in_row = self.fetches_in_row + 1 if is_soon else 0
        self.timer, self.fetched_at = None, now
        ids, self.ids = list(self.ids), {}
        return ids


class Parts:
    """Call `changed` whenever the page has changed."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sources: dict[str, _Source] = {}
        self._clock: Timer | None = None
        self._passed: set[tuple[str, float]] = set()
        self._shown_until = 0.0  # seconds since 1970: states until then are in the page
        self.changed()
        for element in self._elements:
            is_part = element["data-src"] and "data-shows" in element
            if is_part and markup.is_empty(self._html, element):
                self._stale(parts_of([element])[0], 0.0)

    def changed(self) -> None:
        self._html = self._page.html
        self._elements = markup.live_elements(self._html)
        self._shown_until = 0.0
        self.parts = parts_of(self._elements)
        self._pass_instants()

    def close(self) -> None:
        for timer in (self._clock, *(source.timer for source in self._sources.values())):
            if timer is not None:
                timer.cancel()

    def on(self, message: Message) -> None:
        if message["type"] == "live.resumed" and not message["data"]["complete"]:
            for part in self.parts:
                self._stale(part, 0.0)
        for part in self.parts:
            if part.concerns(message):
                spread = part.pace.spread
                spread = float(message.get("spread", SPREAD_MS)) if spread is None else spread
                self._stale(part, random.uniform(0, spread))

    def _stale(self, part: Part, ms: float, *, pauses: bool = True) -> None:
        self._sources.setdefault(part.address, _Source()).ids[part.id] = None
        self._fetch_soon(part.address, part.pace, ms, pauses=pauses)

    def _fetch_soon(self, address: str, pace: Pace, ms: float, *, pauses: bool = True) -> None:
        source, now = self._sources[address], time.monotonic()
        due = now + (pace.gather + ms) / 1000
        if pauses:
            pause = pace.pauses[min(source.fetches_in_row, len(pace.pauses) - 1)]
            due = max(due, source.fetched_at + pause / 1000)
        if source.timer is not None:
            if pauses or due >= source.due:
                return
            source.timer.cancel()
        source.due = due
        source.timer = self._page.later(due - now, lambda: self._refetch(address), awaited=True)

    def _refetch(self, address: str) -> None:
        ids = self._sources[address].take_ids()
        self._page.start(self._fetch(address, ids))

    async def _fetch(self, address: str, ids: list[str]) -> None:
        source = self._sources[address]
        if await self._page.fetch_parts(address, ids):
            source.failures = 0
            return
        seconds = RETRIES_SECONDS[min(source.failures, len(RETRIES_SECONDS) - 1)]
        source.failures += 1
        source.ids |= dict.fromkeys(ids)
        self._fetch_soon(address, PACES["now"], 1000 * seconds * random.uniform(0.67, 1.33))

    # ------------------------------------------------------------ instants

    def _pass_instants(self) -> None:
        """An empty template: its part is fetched. Another one is what its element becomes."""
        if self._clock is not None:
            self._clock.cancel()
        # Not `self._page.html`: it may be newer, with the elements at other offsets.
        now, html, soonest = time.time() - MARGIN_SECONDS, self._html, float("inf")
        shown_until = self._shown_until
        for template in self._elements:
            if template.tag != "template" or "data-at" not in template:
                continue
            at = markup.instant(template["data-at"])
            if at >= now:
                soonest = min(soonest, at)
            elif not markup.is_empty(html, template):
                if at > shown_until:
                    self._shown_until = now
            elif (around := self._part_around(template)) and (around.id, at) not in self._passed:
                self._passed.add((around.id, at))
                spread = SPREAD_MS if around.pace.spread is None else around.pace.spread
                self._stale(around, random.uniform(0, spread), pauses=False)
        if soonest < float("inf"):
            wait = min(soonest - now + 0.001, LONGEST_SECONDS)
            self._clock = self._page.later(wait, self._pass_instants, awaited=False)
        if self._shown_until > shown_until:
            self._page.change(lambda html: markup.with_past_states(html, now))

    def _part_around(self, template: Element) -> Part | None:
        around = [
            element
            for element in self._elements
            if "data-shows" in element
            and element["id"]
            and element.start < template.start < markup.end_of(self._html, element)
        ]
        return parts_of(around[-1:])[0] if around else None


def address_of(address: str, ids: list[str]) -> str:
    """From which these parts are fetched."""
    return f"{address}{'&' if '?' in address else '?'}parts={','.join(ids)}"
