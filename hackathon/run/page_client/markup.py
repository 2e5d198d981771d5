"""The few elements of a page that its JavaScript reacts to, found without a tree of the document.

Relies on what Django's templates of this project write: lower-case tags, quoted values, and `<`
escaped inside of values.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

LIVE = re.compile(
    r"\s(data-(?:shows|fragment|at|marks-read|announcements|announcement|live-url)|hx-trigger|hx-swap-oob|hx-preserve)\b"
)
ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?""")
TAG = re.compile(r"""<([a-z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
STATE = re.compile(r"\s*(<template data-at=)")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass(frozen=True)
class Element:
    tag: str
    attributes: dict[str, str] = field(compare=False)
    start: int

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes


def live_elements(html: str) -> list[Element]:
    """In the order of the document; templates, but not what they contain."""
    found = []
    seen = -1
    for match in LIVE.finditer(html):
        start = html.rfind("<", 0, match.start())
        if start <= seen:
            continue
        seen = start
        if tag := TAG.match(html, start):
            found.append(Element(tag[1], attributes_of(tag[2]), start))
            if tag[1] == "template":
                seen = end_of(html, found[-1]) - 1
    return found


@lru_cache(maxsize=4096)
def attributes_of(text: str) -> dict[str, str]:
    """Not to be changed: shared by all pages with the same tag."""
    return {
        m[1]: (m[2] if m[2] is not None else m[3] or "").replace("&amp;", "&")
        for m in ATTRIBUTE.finditer(text)
    }


def body_data(html: str) -> dict[str, str]:
    """The attributes of `<body>`."""
    match = TAG.match(html, html.index("<body"))
    assert match is not None
    return attributes_of(match[2])


def element_with_id(html: str, key: str) -> Element | None:
    at = html.find(f' id="{key}"')
    if at < 0:
        return None
    start = html.rfind("<", 0, at)
    tag = TAG.match(html, start)
    return Element(tag[1], attributes_of(tag[2]), start) if tag else None


def end_of(html: str, element: Element) -> int:
    """The offset after the end tag."""
    first = html.index(">", element.start) + 1
    opening = TAG.match(html, element.start)
    if opening:
        first = opening.end()
    if element.tag in VOID:
        return first
    depth = 1
    for match in re.compile(rf"<(/?){element.tag}(?=[\s>/])").finditer(html, first):
        depth += -1 if match[1] else 1
        if not depth:
            return html.index(">", match.start()) + 1
    return len(html)


def part(html: str, key: str) -> str:
    """The element with this id, its tags included; "" if there is none."""
    element = element_with_id(html, key)
    return html[element.start : end_of(html, element)] if element else ""


def put(html: str, key: str, fresh: str) -> str:
    """Replaces the element with this id. Unchanged if there is none.

    What `hx-preserve` keeps stays as it was, where the fresh one is empty.
    """
    element = element_with_id(html, key)
    if element is None:
        return html
    for kept in live_elements(fresh) if "hx-preserve" in fresh else ():
        end = end_of(fresh, kept) if kept["id"] != key else 0
        if "hx-preserve" not in kept or "<" in fresh[kept.start + 1 : end - len(kept.tag) - 3]:
            continue
        if before := part(html, kept["id"]):
            return put(html, key, fresh[: kept.start] + _without_mark(before) + fresh[end:])
    return html[: element.start] + fresh + html[end_of(html, element) :]


def _without_mark(kept: str) -> str:
    return kept.replace(" hx-preserve", "", 1)


def top_elements(fragment: str) -> Iterator[tuple[Element, str]]:
    """The elements of a fragment that are not inside of others, with their text."""
    at = 0
    while match := TAG.search(fragment, at):
        element = Element(match[1], attributes_of(match[2]), match.start())
        at = end_of(fragment, element)
        yield element, fragment[match.start() : at]


@lru_cache(maxsize=4096)
def instant(text: str) -> float:
    """ISO 8601 -> epoch seconds."""
    return datetime.fromisoformat(text).timestamp()


def with_elements(html: str, fresh: str) -> str:
    """Each element of a fragment in the place of the one with its id."""
    for key, text in _elements_of(fresh):
        if key:
            html = put(html, key, text)
    return html


@lru_cache(maxsize=512)
def _elements_of(fragment: str) -> list[tuple[str, str]]:
    return [(element["id"], text) for element, text in top_elements(fragment)]


def with_past_states(html: str, now: float) -> str:
    """What the templates hold whose instant has passed, in the place of the present states."""
    while due := [
        (instant(element["data-at"]), element.start, element)
        for element in live_elements(html)
        if element.tag == "template"
        and element["data-at"]
        and instant(element["data-at"]) < now
        and not is_empty(html, element)
    ]:
        html = _with_state(html, min(due, key=lambda each: each[:2])[2])
    return html


def _with_state(html: str, template: Element) -> str:
    """As in js/instants.js: the element keeps the states that come after this one."""
    end = end_of(html, template)
    state = html[html.index(">", template.start) + 1 : end - len("</template>")]
    last = end
    while following := STATE.match(html, last):
        last = end_of(html, Element("template", {}, following.start(1)))
    later = html[end:last]
    around = ""
    for key, _text in _elements_of(state):
        element = element_with_id(html, key) if key else None
        if element and element.start < template.start < end_of(html, element):
            around = key
    html = with_elements(html[: template.start] + html[last:], state)
    if around and later:
        now = part(html, around)
        html = put(html, around, now[: now.rindex("</")] + later + now[now.rindex("</") :])
    return html


def is_empty(html: str, element: Element) -> bool:
    inside = html[html.index(">", element.start) + 1 : end_of(html, element)]
    return inside.lstrip().startswith("</")


def plain(html: str) -> str:
    """Without the white space that means nothing, to be compared."""
    return re.sub(r'\s*([<>])\s*|\s+(?=")', r"\1", " ".join(html.split()))
