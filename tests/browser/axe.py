"""A walk through the pages that a person reaches by links, with axe and measurements of layout.

Every page is read, and opened if it has an element that no page had before. An element is known by
its place: tags, classes and names of attributes from the body to it, not its text. On an opened
page axe looks once at everything on a phone. Contrast is looked at in both themes for each element
that is new. In a wider window that is an element that was not visible before, or has other colours,
backgrounds or size of text, or lost its text, or scrolls.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.site import Person

AXE = Path(settings.BASE_DIR, "node_modules", "axe-core")
SIZES = (375, 1024, 1920)
HEIGHT = 900
# Files, the admin with its own look, and what has no pages.
NO_PAGE = re.compile(r"\.\w+$|^/(static|admin|api)/.")
CONTRAST = ["color-contrast"]
# With the rules that can find something else in a wider window.
CONTRAST_AND_LAYOUT = [*CONTRAST, "link-name", "button-name", "scrollable-region-focusable"]
SCRIPT = Path(__file__).with_name("axe.js").read_text()


class Walk:
    """Through the pages of several people: what was measured for one is not measured again."""

    def __init__(self) -> None:
        self._pages: set[str] = set()
        self.found = nothing()
        self._read: set[int] = set()
        self._seen: set[int] = set()  # places with their looks

    def go(
        self, person: Person, starts: Iterable[str], case: str
    ) -> tuple[set[str], dict[str, list[str]]]:
        """Every page that links lead to, one for each route and names of its query.

        Returns the names of the routes, and what was found.
        """
        self._pages, self.found = set(), nothing()
        self.prepare(person.page)
        person.page.goto("/contact/")
        for path in self._with_new_elements(person, starts, case):
            self.open(person.page, path, f"{path} ({case})")
        return self._pages, self.found

    def prepare(self, page: Page) -> None:
        page.emulate_media(reduced_motion="reduce", color_scheme="light")
        page.set_viewport_size({"width": SIZES[0], "height": HEIGHT})
        page.add_init_script(AXE.joinpath("axe.min.js").read_text() + SCRIPT)

    def _with_new_elements(self, person: Person, starts: Iterable[str], case: str) -> list[str]:
        found, kinds, waiting = [], set(), list(starts)
        while waiting:
            path = waiting.pop(0)
            parts = urlsplit(path)
            if NO_PAGE.search(parts.path):
                continue
            name = route_of(parts.path)
            kind = (name, *sorted({key for key, _ in parse_qsl(parts.query, True)}))
            if kind in kinds:
                continue
            kinds.add(kind)
            answer = person.page.evaluate("(path) => walk.read(path)", path)
            if answer["status"] != 200:
                self.found["unanswered"].append(f"{path} ({case}): {answer['status']}")
            waiting += answer["links"]
            if answer["places"]:
                self._pages.add(route_of(urlsplit(answer["url"]).path))
            if not self._read.issuperset(answer["places"]):
                self._read.update(answer["places"])
                found.append(path)
        return found

    def open(self, page: Page, path: str, where: str) -> None:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, where
        for width in SIZES:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            measured = page.evaluate("() => walk.measure()")
            at = f"{where} {width}"
            for name in ("small", "wide", "overlaps"):
                self.found[name] += [f"{at}: {one}" for one in measured[name]]
            new = list(set(measured["looks"]) - self._seen)
            self._seen.update(new)
            if width == SIZES[0]:
                self._run(page, f"{at} light", new, None)
            elif new:
                self._run(page, f"{at} light", new, CONTRAST_AND_LAYOUT)
            if new:
                page.emulate_media(color_scheme="dark")
                self._run(page, f"{at} dark", new, CONTRAST)
                page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": SIZES[0], "height": HEIGHT})

    def _run(self, page: Page, where: str, looks: list[int], rules: list[str] | None) -> None:
        found = page.evaluate("([looks, rules]) => walk.run(looks, rules)", [looks, rules])
        self.found["violations"] += [f"{where}: {one}" for one in found]


def nothing() -> dict[str, list[str]]:
    return {"unanswered": [], "violations": [], "small": [], "wide": [], "overlaps": []}


def route_of(path: str) -> str:
    """The full name of the route; the path itself if there is none."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return path
