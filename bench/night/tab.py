"""An open page whose changes and requests are measured, with the scripts that only the night needs:
announcements.js, packages.js and what submissions-deposits.js asks for after a hand-in.
"""

import asyncio
import random
import re
import time
from typing import Any

from hackathon.run.page_client import markup
from hackathon.run.page_client.client import Browser, Sample
from hackathon.run.page_client.tab import HTMX, Tab

READING_SECONDS = 1.5
PACKAGES_SECONDS = 300  # of a browser that has none: in the last two minutes it fetches none
LATE_SECONDS, EARLY_SECONDS = 4.0, 2.0


class NightTab(Tab):
    has_network = True

    def __init__(self, browser: Browser, path: str, html: str) -> None:
        self.shown: list[tuple[float, str]] = [(time.time(), html)]  # the page after each change
        self.toasts: list[tuple[float, int, str]] = []  # "": it was dismissed
        self.part_delays: list[float] = []  # seconds, from the message
        self._stale_since: dict[str, float] = {}  # by address, because of a message
        self._brought_at = 0.0  # the state of the deliverables
        self._read: set[str] = set()
        self._reading: asyncio.Task[None] | None = None
        self._refreshing: asyncio.Task[None] | None = None
        super().__init__(browser, path, html)
        self._marks_url = self._url_in("data-marks-read")
        packages = re.search(r'data-packages-url="([^"]*)"', html)
        self._packages_url = packages[1] if packages else ""
        self._read_soon()
        self._refresh_packages()
        place = markup.element_with_id(html, "help-place")
        if place and place["hx-trigger"] == "load":
            self.start(self._get_help(place["hx-get"]))

    def _url_in(self, attribute: str) -> str:
        return next((e[attribute] for e in self.elements if e[attribute]), "")

    @property
    def requests(self) -> list[Sample]:
        """Those of its scripts. Instants are epoch seconds."""
        return [sample for sample in self.browser.notes.samples if sample.kind == "part"]

    def forget(self) -> None:
        """Keeps only what is shown now."""
        self.shown = [(time.time(), self.html)]
        self.toasts = self.toasts[-3:]
        self.part_delays = []
        self.browser.notes.samples.clear()

    def has_changed(self, at: float, html: str) -> None:
        self.shown.append((at, html))

    def page_changed(self) -> None:
        super().page_changed()
        self._read_soon()

    # ------------------------------------------------------------ messages

    def dispatch(self, message: dict[str, Any]) -> None:
        kind, data = message["type"], message.get("data", {})
        if kind == "fragment.rendered":
            if data.get("name") == "deposits":
                self._brought_at = time.time()
        elif "data" in message:
            for part in self.parts.parts:
                if part.concerns(message):
                    self._stale_since.setdefault(part.address, time.time())
        super().dispatch(message)
        if kind in ("announcement.published", "announcement.corrected"):
            self._put_announcement(data)
            self.connection.send({"type": "received", "id": data["id"]})
            self.toasts.append((time.time(), data["id"], data["html"]))
            self._read_soon()
        elif kind == "announcement.withdrawn":
            self.show(_without_announcement(self.html, data["id"]))
            self.toasts.append((time.time(), data["id"], ""))
        elif kind == "brief.changed":
            self._refresh_packages()

    async def fetch_parts(self, address: str, ids: list[str]) -> bool:
        since = self._stale_since.pop(address, None)
        is_answered = await super().fetch_parts(address, ids)
        if is_answered and since is not None:
            self.part_delays.append(time.time() - since)
        return is_answered

    # ------------------------------------------------------------ announcements

    def _put_announcement(self, data: dict[str, Any]) -> None:
        html = _without_announcement(self.html, data["id"])
        html = re.sub(r"<(\w+) data-when-empty>.*?</\1>\s*(?:</div>)?", "", html, flags=re.DOTALL)
        at = html.find("data-announcement-template")
        if at < 0:
            return
        at = html.index("</template>", at) + len("</template>")
        unread = " is-unread" if self._marks_url else ""
        item = (
            f'<li class="announcement is-new{unread}" data-announcement="{data["id"]}"'
            f' data-stamp="{data["stamp"]}">{data["html"]}</li>'
        )
        self.show(html[:at] + item + html[at:])

    def _read_soon(self) -> None:
        if not self._marks_url:
            return
        if self._reading:
            self._reading.cancel()
        self._reading = self.later(
            READING_SECONDS, lambda: self.start(self._mark_read()), awaited=True
        )

    async def _mark_read(self) -> None:
        unread = [
            element["data-stamp"]
            for element in self.elements
            if element["data-announcement"]
            and "is-unread" in element["class"]
            and element["data-stamp"] not in self._read
        ]
        if unread:
            answer = await self.fetch("POST", self._marks_url, data={"stamp": unread})
            if answer is not None and answer.status_code < 400:
                self._read.update(unread)

    # ------------------------------------------------------------ other scripts

    def _refresh_packages(self) -> None:
        if not self._packages_url:
            return
        if self._refreshing:
            self._refreshing.cancel()
        seconds = PACKAGES_SECONDS * random.uniform(0.67, 1.33)  # noqa: S311
        self._refreshing = self.later(seconds, self._refresh_packages, awaited=False)
        self.start(self.fetch("GET", self._packages_url))

    async def _get_help(self, path: str) -> None:
        answer = await self.fetch("GET", path, headers=HTMX)
        if answer is not None and answer.status_code == 200:
            place = markup.part(self.html, "help-place")
            opening = place[: place.index(">") + 1]
            self.show(markup.put(self.html, "help-place", f"{opening}{answer.text}</div>"))
            self.page_changed()

    def handed_in(self) -> None:
        since = time.time() - EARLY_SECONDS

        def ask_if_late() -> None:
            if self._brought_at < since:
                self.start(self._ask_for_deposits())

        self.later(LATE_SECONDS, ask_if_late, awaited=False)

    async def _ask_for_deposits(self) -> None:
        deposits = markup.element_with_id(self.html, "deposits")
        if deposits is None:
            return
        answer = await self.fetch("GET", deposits["hx-get"], headers=HTMX)
        if answer is not None and answer.status_code == 200:
            self.show(markup.with_elements(self.html, answer.text))
            self.page_changed()


def _without_announcement(html: str, key: int) -> str:
    at = html.find(f'data-announcement="{key}"')
    if at < 0:
        return html
    start = html.rfind("<", 0, at)
    return html[:start] + html[markup.end_of(html, markup.Element("li", {}, start)) :]
