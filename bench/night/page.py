"""What the scripts of a page do when a message arrives or an instant passes, one class per module
of `hackathon/static/js/`.

`scripts_of` chooses by what the page contains: newer ones receive the parts that many people see
alike over the socket (pushed.py), older ones fetch them (here). tests/browser/test_bench_client.py
compares the requests with those of a browser.
"""

import random
import re
import time
from typing import Any

from bench.night import markup
from bench.night.markup import Element, instant, part, put
from bench.night.pushed import Fragments, Parts
from bench.night.scripts import HTMX, Announcements, Counts, Packages, Screen, uniform
from bench.night.tab import Script, Tab, Timer

HTML = {"Accept": "text/html"}


ORDER = re.compile(r'id="block-band" data-order="(\w*)"')


def scripts_of(tab: Tab) -> list[Script]:
    html = tab.html
    is_pushed = "data-rights" in markup.body_data(html)
    scripts: list[Script] = [Announcements(tab), Counts(tab, pushed=is_pushed), Htmx(tab)]
    scripts += [Fragments(tab), Parts(tab)] if is_pushed else [Clock(tab), Refetch(tab)]
    if "/dashboard-blocks." in html:
        scripts.append(Blocks(tab))
    if "/packages." in html and "data-packages-url" in html:
        scripts.append(Packages(tab))
    if re.search(r"/(?:js|bundle)/screen\.[0-9a-f]", html) and 'id="stage"' in html:
        scripts.append(Screen(tab))
    if ORDER.search(html):
        scripts.append(ControlRoom(tab))
    return scripts


class ControlRoom:
    """control-room.js: the order of the blocks is another one before and after the day."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._shown = _order(tab)

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind == "refetched" and _order(self._tab) != self._shown:
            self._shown = _order(self._tab)
            self._tab.dispatch("room.reordered")


def _order(tab: Tab) -> str:
    found = ORDER.search(tab.html)
    return found[1] if found else ""


class Clock:
    """refresh.js, instants: `clock.passed` for each [data-refresh-at]."""

    MARGIN, SPREAD = 0.25, 1.25

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._fired: dict[float, int] = {}
        self._timer: Timer | None = None
        self.scan()

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind in ("refetched", "settled"):
            self.scan()
        elif kind == "edition.changed":
            self._tab.later(0.05, self.scan)

    def _instants(self) -> set[float]:
        return {
            instant(element["data-refresh-at"])
            for element in self._tab.elements
            if element["data-refresh-at"]
        }

    def scan(self) -> None:
        if self._timer:
            self._timer.cancel()
        now = time.time()
        soonest = None
        for at in self._instants():
            times = self._fired.get(at, 0)
            if (times == 0 and at < now - 60) or times > 2:
                continue
            due = max(at, now + (2 * times if times else 0))
            soonest = due if soonest is None else min(soonest, due)
        if soonest is not None:
            wait = soonest - now + self.MARGIN + uniform(self.SPREAD)
            self._timer = self._tab.later(wait, self._pass, periodic=wait > 3)

    def _pass(self) -> None:
        now = time.time()
        for at in sorted(at for at in self._instants() if now - 120 < at <= now):
            self._fired[at] = self._fired.get(at, 0) + 1
            if self._fired[at] <= 3:
                self._tab.dispatch("clock.passed")
        self.scan()


class Refetch:
    """refresh.js: one request for the page serves all its [data-refetch] parts."""

    RETRY = [2, 5, 10, 20]

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._reasons = {
            reason.removeprefix("live:")
            for element in tab.elements
            for reason in element["data-refetch"].split()
        }
        if self._reasons:
            self._reasons.add("caught-up")
        self._timer: Timer | None = None
        self._failures = 0

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind in self._reasons:
            self._soon(0.3 + uniform(0.9))

    def _soon(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self._tab.later(seconds, lambda: self._tab.start(self._fetch()))

    async def _fetch(self) -> None:
        tab = self._tab
        answer = await tab.fetch(tab.path, HTML)
        if answer.status == 0 or answer.status >= 500:
            seconds = self.RETRY[min(self._failures, len(self.RETRY) - 1)]
            self._failures += 1
            self._soon(seconds * random.uniform(0.67, 1.33))  # noqa: S311
            return
        if answer.status != 200:
            return
        self._failures = 0
        fresh, html = answer.text, tab.html
        for element in tab.elements:
            if "data-refetch" in element and element["id"]:
                found = part(fresh, element["id"])
                html = put(html, element["id"], found) if found else html
        tab.show(html)
        tab.dispatch("refetched")


class Htmx:
    """htmx: elements with `hx-trigger`, one request at a time for each, the last one waits."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._delayed: dict[str, Timer] = {}
        self._under_way: set[str] = set()
        self._queued: set[str] = set()
        self._periods: dict[str, Timer] = {}
        self._loaded: set[str] = set()
        self._settled()

    def _elements(self) -> list[Element]:
        return [
            element
            for element in self._tab.elements
            if element["hx-trigger"] and element["id"] and element["hx-get"]
        ]

    def _settled(self) -> None:
        for element in self._elements():
            for trigger in markup.triggers(element["hx-trigger"]):
                if trigger.every and element["id"] not in self._periods:
                    self._start_period(element["id"], trigger.every)
                if trigger.event == "load" and element["id"] not in self._loaded:
                    self._loaded.add(element["id"])
                    self.get(element["id"])

    def _start_period(self, key: str, seconds: float) -> None:
        def fire() -> None:
            self._periods.pop(key, None)
            element = markup.element_with_id(self._tab.html, key)
            if element and "every" in element["hx-trigger"]:
                self.get(key, periodic=True)
                self._start_period(key, seconds)

        self._periods[key] = self._tab.later(seconds, fire, periodic=True)

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind == "caught-up" and not message["data"]["complete"]:
            for element in self._elements():
                if "live:" in element["hx-trigger"]:
                    self.get(element["id"])
        if kind == "fragment.rendered":  # no element waits for it
            return
        names = (f"live:{kind}", kind)
        for element in self._elements():
            for trigger in markup.triggers(element["hx-trigger"]):
                if trigger.event in names:
                    self._trigger(element["id"], trigger.delay)

    def _trigger(self, key: str, delay: float) -> None:
        if key in self._delayed:
            self._delayed.pop(key).cancel()
        if delay:
            self._delayed[key] = self._tab.later(delay, lambda: self.get(key))
        else:
            self.get(key)

    def get(self, key: str, *, periodic: bool = False) -> None:
        if key in self._under_way:
            self._queued.add(key)
            return
        element = markup.element_with_id(self._tab.html, key)
        if element is not None:
            self._under_way.add(key)
            self._tab.start(self._get(element, periodic), periodic=periodic)

    async def _get(self, element: Element, periodic: bool) -> None:
        tab, key = self._tab, element["id"]
        path = element["hx-get"]
        path = tab.path.partition("?")[0] + path if path.startswith("?") else path
        answer = await tab.fetch(path, {**HTMX, "HX-Target": key}, periodic=periodic)
        self._under_way.discard(key)
        if answer.status == 200:
            self._swap(element, answer.text)
            tab.dispatch("settled")
            self._settled()
        if key in self._queued:
            self._queued.discard(key)
            self.get(key)

    def _swap(self, element: Element, text: str) -> None:
        html, whole = self._tab.html, []
        for found, fresh in markup.top_elements(text):
            if found["hx-swap-oob"] == "true":
                html = put(html, found["id"], fresh)
            else:
                whole.append(fresh)
        style = element["hx-swap"]
        if style.startswith("outerHTML") and whole:
            html = put(html, element["id"], "".join(whole))
        elif style in ("", "innerHTML") and whole and (here := part(html, element["id"])):
            opening = here[: here.index(">") + 1]
            html = put(html, element["id"], f"{opening}{''.join(whole)}</{element.tag}>")
        self._tab.show(html)


class Blocks:
    """dashboard-blocks.js: the first message of a burst at once, then a pause."""

    GATHER, PAUSE = 0.25, 3.0

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._fetched: dict[str, float] = {}
        self._scheduled: set[str] = set()
        self._types = {kind for e in tab.elements for kind in e["data-block"].split()}

    def on(self, kind: str, message: dict[str, Any]) -> None:
        always = kind in ("caught-up", "clock.passed")
        if not always and kind not in self._types:
            return
        for element in self._tab.elements:
            if "data-block" in element and (always or kind in element["data-block"].split()):
                self._stale(element["id"])

    def _stale(self, key: str) -> None:
        if key in self._scheduled:
            return
        self._scheduled.add(key)
        now = time.monotonic()
        due = self._fetched.get(key, now - self.PAUSE) + self.PAUSE - now
        self._tab.later(max(self.GATHER, due), lambda: self._fetch(key))

    def _fetch(self, key: str) -> None:
        self._scheduled.discard(key)
        self._fetched[key] = time.monotonic()
        next(s for s in self._tab.scripts if isinstance(s, Htmx)).get(key)
