"""What the scripts of a page do when a message arrives or an instant passes, one class per module
of `hackathon/static/js/`. tests/browser/test_bench_client.py compares the requests with those of a
browser.
"""

from typing import Any

from bench.night.pushed import Fragments, TabParts
from bench.night.scripts import HTMX, Announcements, Packages
from bench.night.tab import Script, Tab
from hackathon.rehearsal import markup
from hackathon.rehearsal.markup import Element, part, put


def scripts_of(tab: Tab) -> list[Script]:
    scripts: list[Script] = [Announcements(tab), Htmx(tab), Fragments(tab), TabParts(tab)]
    if "/packages." in tab.html and "data-packages-url" in tab.html:
        scripts.append(Packages(tab))
    return scripts


class Htmx:
    """htmx: elements whose `hx-trigger` is one event, one request at a time for each."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._under_way: set[str] = set()
        self._queued: set[str] = set()
        self._loaded: set[str] = set()
        self._settled()

    def _elements(self, event: str) -> list[Element]:
        return [
            element
            for element in self._tab.elements
            if element["hx-trigger"] == event and element["id"] and element["hx-get"]
        ]

    def _settled(self) -> None:
        for element in self._elements("load"):
            if element["id"] not in self._loaded:
                self._loaded.add(element["id"])
                self.get(element["id"])

    def on(self, kind: str, message: dict[str, Any]) -> None:
        if ":" in kind:  # an event of the page itself
            for element in self._elements(kind):
                self.get(element["id"])

    def get(self, key: str) -> None:
        if key in self._under_way:
            self._queued.add(key)
            return
        element = markup.element_with_id(self._tab.html, key)
        if element is not None:
            self._under_way.add(key)
            self._tab.start(self._get(element))

    async def _get(self, element: Element) -> None:
        tab, key = self._tab, element["id"]
        answer = await tab.fetch(element["hx-get"], {**HTMX, "HX-Target": key})
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
