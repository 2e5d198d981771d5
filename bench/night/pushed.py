"""fragments.js, instants.js and parts.js: how the parts of a page stay right."""

import random
import time
from collections.abc import Callable, Coroutine
from functools import lru_cache
from typing import Any

from bench.night.scripts import HTMX
from bench.night.tab import Tab, Timer
from hackathon.rehearsal import markup
from hackathon.rehearsal.markup import Element, end_of, instant, put
from hackathon.rehearsal.parts import Parts, address_of

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


class TabParts:
    """The parts that the page fetches."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._stale_since: dict[str, float] = {}  # by address, because of a message
        self._parts = Parts(self)

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind in ("refetched", "settled"):
            self._parts.changed()
        elif kind == "caught-up":
            self._parts.on({"type": "live.resumed", **message})
        elif kind != "fragment.rendered" and "data" in message:
            message = {"type": kind, **message}
            for part in self._parts.parts:
                if part.concerns(message):
                    self._stale_since.setdefault(part.address, time.monotonic())
            self._parts.on(message)

    @property
    def html(self) -> str:
        return self._tab.html

    async def fetch_parts(self, address: str, ids: list[str]) -> bool:
        tab = self._tab
        since = self._stale_since.pop(address, None)
        path = address_of(address, ids) if address else tab.path
        answer = await tab.fetch(path, {**HTML, **(HTMX if address else {})})
        if answer.status == 0 or answer.status >= 500:
            return False
        if answer.status == 200:
            html = tab.html
            for each in self._parts.parts:
                if each.address == address and (fresh := markup.part(answer.text, each.id)):
                    html = put(html, each.id, fresh)
            tab.show(html)
            if since is not None:
                tab.part_delays.append(time.monotonic() - since)
            tab.dispatch("refetched")
        return True

    def later(self, seconds: float, run: Callable[[], None], *, awaited: bool) -> Timer:
        return self._tab.later(seconds, run, periodic=not awaited)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tab.start(work)
