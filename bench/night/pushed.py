"""fragments.js and refresh.js of pages that receive the parts which many people see alike."""

import math
import random
import time
from functools import lru_cache
from typing import Any

from bench.night import markup
from bench.night.markup import Element, end_of, instant, part, put
from bench.night.scripts import HTMX, uniform
from bench.night.tab import Tab, Timer

HTML = {"Accept": "text/html"}
# After a change without a request, when this client computes what the page is: 400 browsers have
# processors of their own.
SETTLE_SECONDS = (0.5, 1.5)


def with_fragment(html: str, fragment: str) -> str:
    """Each element in the place of the one with its id."""
    for key, fresh in _elements_of(fragment):
        if key:
            html = put(html, key, fresh)
    return html


@lru_cache(maxsize=512)
def _elements_of(fragment: str) -> list[tuple[str, str]]:
    return [(element["id"], text) for element, text in markup.top_elements(fragment)]


def with_past_states(html: str, now: float) -> str:
    """What the templates hold whose instant has passed, in the place of the present states."""
    for element in [e for e in markup.live_elements(html) if e.tag == "template" and e["data-at"]]:
        if instant(element["data-at"]) < now:
            at = html.find(f'<template data-at="{element["data-at"]}">')
            while at >= 0:
                end = end_of(html, Element("template", {}, at))
                state = html[html.index(">", at) + 1 : end - len("</template>")]
                html = with_fragment(html[:at] + html[end:], state)
                at = html.find(f'<template data-at="{element["data-at"]}">')
    return html


class Fragments:
    LONGEST, MARGIN = 5.0, 0.02
    LATE, EARLY = 4.0, 2.0  # submissions-deposits.js

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._timer: Timer | None = None
        self._settling: Timer | None = None
        self._instants: list[float] = []
        self._brought_at = float("-inf")  # the state of the deliverables
        assert tab.connection is not None
        tab.connection.shown = self.shown
        self._scan()

    def shown(self) -> list[str]:
        return sorted({e["data-fragment"] for e in self._tab.elements if e["data-fragment"]})

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind == "fragment.rendered":
            html = message["data"]["html"]
            if message["data"].get("name") == "deposits":
                self._brought_at = time.monotonic()
            self._tab.change(lambda before: with_fragment(before, html))
            self._settle_later()
        elif kind == "received":
            since = time.monotonic() - self.EARLY
            self._tab.later(self.LATE, lambda: self._ask_if_late(since), periodic=True)
        elif kind in ("refetched", "settled"):
            self._scan()

    def _ask_if_late(self, since: float) -> None:
        if self._brought_at < since:
            self._tab.dispatch("deposits:refresh")

    def _settle_later(self) -> None:
        if self._settling is None:
            seconds = random.uniform(*SETTLE_SECONDS)  # noqa: S311
            self._settling = self._tab.later(seconds, self._settle, periodic=True)

    def _settle(self) -> None:
        self._settling = None
        self._tab.dispatch("refetched")

    def _scan(self) -> None:
        self._instants = sorted(
            {
                instant(element["data-at"])
                for element in self._tab.elements
                if element.tag == "template" and element["data-at"]
            }
        )
        self._pass()

    def _pass(self) -> None:
        if self._timer:
            self._timer.cancel()
        now = time.time() - self.MARGIN
        if self._instants and self._instants[0] < now:
            self._instants = [at for at in self._instants if at >= now]
            self._tab.change(lambda before: with_past_states(before, now))
            self._settle_later()
        if self._instants:
            wait = min(self._instants[0] - now + 0.001, self.LONGEST)
            self._timer = self._tab.later(wait, self._pass, periodic=True)


class Source:
    def __init__(self) -> None:
        self.timer: Timer | None = None
        self.due = 0.0
        self.stale_since = 0.0
        self.is_stale = False
        self.is_old = False  # it is stale because of its age only
        self.failures = 0
        self.fetched_at: float | None = None
        self.pauses = 0

    def fetched(self, longest_pause: float) -> None:
        now = time.monotonic()
        goes_on = self.fetched_at is not None and now - self.fetched_at <= longest_pause
        self.pauses = self.pauses + 1 if goes_on else 0
        self.timer, self.is_stale, self.fetched_at = None, False, now


class Parts:
    """refresh.js: parts of one person, each fetched from its `data-src`."""

    MARGIN, SPREAD, GATHER, LONGEST = 0.25, 1.25, 0.25, 60.0
    PAUSES, PAUSE_OF_FEW = [0.25, 2.0, 3.0], 0.7
    RETRY = [2, 5, 10, 20]

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._sources: dict[str, Source] = {}
        self._fired: dict[float, int] = {}
        self._timer: Timer | None = None
        self._loaded_at = time.monotonic()
        self._scan()
        if any("data-every" in element for element in tab.elements):
            self._check_ages()

    def _parts(self) -> list[Element]:
        return [e for e in self._tab.elements if "data-refetch" in e and e["id"]]

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind in ("refetched", "settled"):
            self._scan()
        elif kind == "caught-up":
            if not message["data"]["complete"]:
                for address in {e["data-src"] for e in self._parts()}:
                    self._soon(address, 0)
        elif kind != "fragment.rendered":  # no part is fetched because of it
            for element in self._parts():
                if f"live:{kind}" in element["data-refetch"].split() and _concerns(
                    element, kind, message
                ):
                    spread = element["data-spread"] or message.get("spread", 1000 * self.SPREAD)
                    delay = uniform(float(spread) / 1000)
                    self._soon(element["data-src"], delay, without_pause=kind == "clock.passed")

    def _soon(
        self, address: str, delay: float, *, without_pause: bool = False, is_old: bool = False
    ) -> None:
        source, now = self._sources.setdefault(address, Source()), time.monotonic()
        source.is_old = is_old and (source.is_old or not source.is_stale)
        if not source.timer:
            source.stale_since = now
        due = now + self.GATHER + delay
        if source.fetched_at is not None and not without_pause:
            due = max(due, source.fetched_at + self._pause_of(address, source))
        if source.timer:
            if not (without_pause and due < source.due):
                return
            source.timer.cancel()
        source.is_stale, source.due = True, due
        source.timer = self._tab.later(due - now, lambda: self._fetch(address, source))

    def _pause_of(self, address: str, source: Source) -> float:
        usual = self.PAUSES[min(source.pauses, len(self.PAUSES) - 1)]
        parts = [e for e in self._parts() if e["data-src"] == address]
        return min((self._own_pause(part, usual) for part in parts), default=usual)

    def _own_pause(self, part: Element, usual: float) -> float:
        is_for_few = part["data-spread"] == "0"
        return float(part["data-pause"] or (self.PAUSE_OF_FEW if is_for_few else usual))

    def _batch_of(self, address: str) -> list[str]:
        batched = {e["data-src"] for e in self._parts() if "data-batch" in e}
        batched = {each for each in batched if "?" not in each}
        if address not in batched:
            return [address]
        stale = [each for each, source in self._sources.items() if source.is_stale]
        return [address, *(each for each in stale if each in batched and each != address)]

    def _fetch(self, address: str, source: Source) -> None:
        """What waits too is asked for at once: its timers do not run any more."""
        addresses = self._batch_of(address)
        is_old = all(self._sources[each].is_old for each in addresses)
        news = [self._sources[each] for each in addresses if not self._sources[each].is_old]
        since = min((each.stale_since for each in news), default=math.inf)
        for each in addresses:
            if found := self._sources.get(each):
                if found.timer:
                    found.timer.cancel()
                found.fetched(self.PAUSES[-1])
        self._tab.start(self._fetch_all(addresses, source, since, is_old=is_old))

    async def _fetch_all(
        self, addresses: list[str], source: Source, since: float, *, is_old: bool
    ) -> None:
        tab, address = self._tab, addresses[0]
        asked = _joined(addresses) if len(addresses) > 1 else address or tab.path
        headers = {**HTML, **(HTMX if address else {})}
        answer = await tab.fetch(asked, headers, periodic=is_old)
        if answer.status == 0 or answer.status >= 500:
            seconds = self.RETRY[min(source.failures, len(self.RETRY) - 1)]
            source.failures += 1
            for each in addresses:
                self._soon(each, seconds * random.uniform(0.67, 1.33))  # noqa: S311
            return
        if answer.status != 200:
            return
        source.failures = 0
        fresh, html = answer.text, tab.html
        for element in self._parts():
            if element["data-src"] in addresses and (found := part(fresh, element["id"])):
                html = put(html, element["id"], found)
        tab.show(html)
        if not is_old:
            tab.part_delays.append(time.monotonic() - since)
        tab.dispatch("refetched")

    def _check_ages(self) -> None:
        self._tab.later(1.0, self._check_ages, periodic=True)
        for element in self._parts():
            if "data-every" in element:
                source = self._sources.get(element["data-src"])
                since = source.fetched_at if source and source.fetched_at else self._loaded_at
                if time.monotonic() - since > float(element["data-every"]):
                    self._soon(element["data-src"], 0, is_old=True)

    # ------------------------------------------------------------ instants

    def _instants(self) -> list[tuple[float, Element]]:
        return [
            (instant(e["data-refresh-at"]), e) for e in self._tab.elements if e["data-refresh-at"]
        ]

    def _scan(self) -> None:
        if self._timer:
            self._timer.cancel()
        now = time.time()
        due = []
        for at, _ in self._instants():
            times = self._fired.get(at, 0)
            if (times == 0 and at < now - 60) or times > 2:
                continue
            due.append(max(at, now + (2 * times if times else 0)))
        if due:
            wait = min(min(due) - now + self.MARGIN, self.LONGEST)
            self._timer = self._tab.later(wait, self._pass, periodic=True)

    def _pass(self) -> None:
        now = time.time()
        passed = set()
        for at, element in self._instants():
            if now - 120 < at <= now and self._fired.get(at, 0) <= 2:
                passed.add(at)
                if (address := self._address_around(element)) is not None:
                    self._soon(address, uniform(self.SPREAD))
        if passed:
            self._tab.dispatch("clock.passed", {"data": {}})
        for at in passed:
            self._fired[at] = self._fired.get(at, 0) + 1
        self._scan()

    def _address_around(self, element: Element) -> str | None:
        """Of the closest part that the element is or lies in."""
        html = self._tab.html
        around = [e for e in self._parts() if e.start <= element.start < end_of(html, e)]
        return around[-1]["data-src"] if around else None


def _joined(addresses: list[str]) -> str:
    """« …/blocs/day,figures/ »"""
    folder = addresses[0].rstrip("/").rpartition("/")[0]
    names = [each.rstrip("/").rpartition("/")[2] for each in addresses]
    return f"{folder}/{','.join(names)}/"


def _concerns(element: Element, kind: str, message: dict[str, Any]) -> bool:
    """A part may name the fields of the edition that it shows."""
    changed = message.get("data", {}).get("changed")
    if kind != "edition.changed" or "data-edition-fields" not in element or not changed:
        return True
    return any(field in changed for field in element["data-edition-fields"].split())
