"""The scripts of a page that do more with messages than fetch the page's parts again."""

import random
import re
import time
from typing import Any
from urllib.parse import urlencode

from bench.night.tab import Tab, Timer
from hackathon.rehearsal.markup import Element, end_of

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


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
