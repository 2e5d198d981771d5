"""The scripts of a page that do more with messages than fetch the page's parts again."""

import random
import re
import time
from typing import Any
from urllib.parse import urlencode

from bench.night import markup
from bench.night.markup import Element, end_of, part, put
from bench.night.tab import Tab, Timer

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


def uniform(most: float) -> float:
    return random.uniform(0, most)  # noqa: S311


QUESTIONS = {
    "question.asked",
    "question.taken",
    "question.answered",
    "question.closed",
    "question.published",
}
READ = {"announcement.corrected", "announcement.withdrawn", "caught-up", "announcement:read"}


class Counts:
    """counts.js. `pushed`: what concerns announcements is known without a request."""

    GATHER, SPREAD = 0.2, 3.0

    def __init__(self, tab: Tab, *, pushed: bool) -> None:
        self._tab = tab
        self._pushed = pushed
        self._timer: Timer | None = None
        found = [e["data-counts-url"] for e in tab.elements if e["data-counts-url"]]
        self._url = found[0] if found else ""

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if not self._url or not self._is_news(kind, message):
            return
        if self._timer:
            self._timer.cancel()
        spread = message.get("spread", 1000 * self.SPREAD) / 1000
        wait = 0 if ":" in kind else self.GATHER + uniform(spread)
        self._timer = self._tab.later(
            wait, lambda: self._tab.start(self._tab.fetch(self._url, JSON))
        )

    def _is_news(self, kind: str, message: dict[str, Any]) -> bool:
        if not self._pushed:
            return kind in QUESTIONS or kind in READ
        return kind in QUESTIONS or (kind == "caught-up" and not message["data"]["complete"])


class Announcements:
    """announcements.js: toasts, lists, and reports of what was received and read."""

    READING = 1.5

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._read: set[str] = set()
        self._timer: Timer | None = None
        self._url = next((e["data-marks-read"] for e in tab.elements if e["data-marks-read"]), "")
        self._has_list = "data-announcement-template" in tab.html
        self._read_soon()

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind in ("announcement.published", "announcement.corrected"):
            data = message["data"]
            self._put(data)
            self._tab.send({"type": "received", "id": data["id"]})
            self._tab.toasts.append((time.monotonic(), data["id"], data["html"]))
            self._read_soon()
        elif kind == "announcement.withdrawn":
            self._remove(message["data"]["id"])
            self._tab.toasts.append((time.monotonic(), message["data"]["id"], ""))
        elif kind == "refetched":
            self._read_soon()

    def _put(self, data: dict[str, Any]) -> None:
        if not self._has_list:
            return
        html = _without_announcement(self._tab.html, data["id"])
        html = re.sub(r"<(\w+) data-when-empty>.*?</\1>\s*(?:</div>)?", "", html, flags=re.DOTALL)
        at = html.find("data-announcement-template")
        if at < 0:
            return
        at = html.index("</template>", at) + len("</template>")
        unread = " is-unread" if self._url else ""
        item = (
            f'<li class="announcement is-new{unread}" data-announcement="{data["id"]}"'
            f' data-stamp="{data["stamp"]}">{data["html"]}</li>'
        )
        self._tab.show(html[:at] + item + html[at:])

    def _remove(self, key: int) -> None:
        self._tab.show(_without_announcement(self._tab.html, key))

    def _read_soon(self) -> None:
        if not self._url:
            return
        if self._timer:
            self._timer.cancel()
        self._timer = self._tab.later(self.READING, lambda: self._tab.start(self._mark_read()))

    async def _mark_read(self) -> None:
        unread = [
            element["data-stamp"]
            for element in self._tab.elements
            if element["data-announcement"]
            and "is-unread" in element["class"]
            and element["data-stamp"] not in self._read
        ]
        if not unread:
            return
        body = urlencode([("stamp", stamp) for stamp in unread]).encode()
        headers = {**JSON, "Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._tab.fetch(self._url, headers, method="POST", body=body)
        if answer.status < 400:
            self._read.update(unread)
            self._tab.dispatch("announcement:read")


def _without_announcement(html: str, key: int) -> str:
    at = html.find(f'data-announcement="{key}"')
    if at < 0:
        return html
    start = html.rfind("<", 0, at)
    return html[:start] + html[end_of(html, Element("li", {}, start)) :]


class Packages:
    """packages.js of a browser that has no package: in the last two minutes it fetches none."""

    REFRESH = 300

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._url = next(e["data-packages-url"] for e in tab.elements if e["data-packages-url"])
        self._timer: Timer | None = None
        self._refresh()

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind == "brief.changed":
            self._refresh()

    def _refresh(self) -> None:
        if self._timer:
            self._timer.cancel()
        seconds = self.REFRESH * random.uniform(0.67, 1.33)  # noqa: S311
        self._timer = self._tab.later(seconds, self._refresh, periodic=True)
        self._tab.start(self._tab.fetch(self._url))


class Screen:
    """screen.js: the stage is fetched as a whole."""

    GATHER, PAUSE, MAX_AGE, SPREAD = 0.25, 3.0, 120.0, 1.25
    AT_ONCE = {
        *("screen.switched", "ceremony.moved", "caught-up", "clock.passed"),
        *("announcement.published", "announcement.corrected", "announcement.withdrawn"),
    }

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        stage = markup.element_with_id(tab.html, "stage")
        assert stage is not None
        self._types = {*stage["data-block"].split(), "caught-up", "clock.passed"}
        self._is_ceremony = "data-since" in stage
        self._at_once = self.AT_ONCE | (set() if self._is_ceremony else {"edition.changed"})
        self._timer: Timer | None = None
        self._due = float("inf")
        self._asking = False
        self._fetched = time.monotonic() - self.PAUSE
        self._soon(0)

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if kind in self._types:
            pause = max(self.GATHER, self._fetched + self.PAUSE - time.monotonic())
            pause += uniform(self.SPREAD) if self._is_ceremony else 0
            self._soon(0 if kind in self._at_once else pause)

    def _soon(self, seconds: float) -> None:
        at = time.monotonic() + seconds
        if self._asking and at < self._due:
            self._due = at
        if self._asking or at >= self._due:
            return
        if self._timer:
            self._timer.cancel()
        self._due = at
        periodic = seconds > self.PAUSE
        self._timer = self._tab.later(
            seconds, lambda: self._tab.start(self._ask(periodic)), periodic=periodic
        )

    async def _ask(self, periodic: bool) -> None:
        self._asking, self._due = True, float("inf")
        tab = self._tab
        stage = markup.element_with_id(tab.html, "stage")
        assert stage is not None
        answer = await tab.fetch(stage["data-src"] or stage["hx-get"], HTMX, periodic=periodic)
        if answer.status == 200 and (fresh := part(answer.text, "stage")):
            tab.show(put(tab.html, "stage", fresh))
            tab.dispatch("refetched")
        self._asking, self._fetched = False, time.monotonic()
        wait = min(self.MAX_AGE, max(0.0, self._due - self._fetched))
        self._due = float("inf")
        self._soon(wait)
