"""An open page, and what the browser does to it when a live message arrives."""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.test import Client
from django.test.html import Element, Parser

from hackathon import roles
from hackathon.accounts.models import User
from hackathon.core.models import LiveMessage
from hackathon.editions.models import Edition
from hackathon.live.fragments import registry
from hackathon.live.nouns import noun_of
from hackathon.live.sent_fragments import Wanted
from hackathon.site.fragments import render_wanted


class Page:
    """A page as a tree, without what differs from one response to the next."""

    def __init__(self, browser: Client, url: str, html: str = "") -> None:
        self._browser, self._url = browser, url
        self._html = html or self._fetched()

    def _fetched(self) -> str:
        answer = self._browser.get(self._url)
        assert answer.status_code == 200, (self._url, answer.status_code)
        return compared_part(answer.content.decode())

    def copy(self) -> "Page":
        """The page as it was fetched, without another request."""
        return Page(self._browser, self._url, self._html)

    def fetched_again(self) -> "Page":
        return Page(self._browser, self._url)

    @cached_property
    def tree(self) -> Element:
        return parsed(self._html)

    @property
    def text(self) -> str:
        return str(self.tree)

    def same(self, other: "Page") -> bool:
        """Whether the texts are equal; without parsing if neither page has been changed."""
        untouched = "tree" not in vars(self) and "tree" not in vars(other)
        return (untouched and self._html == other._html) or self.text == other.text

    def receive(self, types: set[str], fresh: "Page", audiences: frozenset[str]) -> None:
        """Put in the fragments that are sent for these messages, and fetch again the parts that
        show one of their nouns.
        """
        nouns = {noun_of(kind) for kind in types}
        if not self._may_change(nouns):
            return
        shown = {dict(part.attributes).get("data-fragment", "") for part in elements(self.tree)}
        for name in registry.showing(nouns) & shown:
            wanted = Wanted(name, audiences, "fr")
            if html := render_wanted([wanted], None).get(wanted):
                self.put(html)
        for part in list(elements(self.tree)):
            of = dict(part.attributes)
            if not shown_nouns(of).isdisjoint(nouns):
                if "data-src" in of:
                    self._fetch(part, of)
                else:
                    replace_in(self.tree, part, by_id(fresh.tree, of["id"]))

    def _may_change(self, nouns: set[str]) -> bool:
        """Without parsing: parsing a page takes longer than rendering it."""
        words = {f'data-fragment="{name}"' for name in registry.showing(nouns)} | nouns
        return "tree" in vars(self) or any(word in self._html for word in words)

    def put(self, html: str) -> None:
        """Each element in the place of the one with its id."""
        self._put(parsed(compared_part(html)).children)

    def _put(self, pieces: Iterable[Any]) -> None:
        for piece in list(pieces):
            name = dict(piece.attributes).get("id", "") if isinstance(piece, Element) else ""
            if name and (old := by_id(self.tree, name)):
                replace_in(self.tree, old, piece)

    def pass_instants(self, now: datetime) -> None:
        """What the clock does in the browser, without a request."""
        while due := sorted(
            (at, index, state)
            for index, state in enumerate(elements(self.tree))
            if is_later_state(state) and (at := instant_of(state)) < now
        ):
            _at, _index, state = due[0]
            element = parent_of(self.tree, state)
            later = [part for part in element.children if is_state(part) and part is not state]
            self._put(state.children)
            become = by_id(self.tree, dict(element.attributes)["id"])
            assert become is not None
            become.children = [part for part in become.children if not is_state(part)] + later

    def _fetch(self, part: Element, of: dict[str, str]) -> None:
        address = f"{of['data-src']}{'&' if '?' in of['data-src'] else '?'}parts={of['id']}"
        answer = self._browser.get(address, headers={"HX-Request": "true"})
        if answer.status_code == 204:  # nothing has changed
            return
        assert answer.status_code == 200, of["data-src"]
        replace_in(self.tree, part, by_id(parsed(compared_part(answer.content.decode())), of["id"]))


class NoPositions(dict[Element, Any]):
    """The parser needs them for its messages. Keeping them takes more than half of its time: equal
    elements are compared.
    """

    def __setitem__(self, element: Element, position: Any) -> None:
        pass


@lru_cache(maxsize=128)
def parsed_once(html: str) -> Element:
    """The same tree for the same text: it must not be changed."""
    parser = Parser()
    parser.element_positions = NoPositions()
    parser.feed(html)
    parser.close()
    parser.root.finalize()
    children = parser.root.children
    return children[0] if len(children) == 1 and isinstance(children[0], Element) else parser.root


def parsed(html: str) -> Element:
    return copy_of(parsed_once(html))


def copy_of(tree: Element) -> Element:
    copied = copy(tree)
    copied.children = [
        copy_of(child) if isinstance(child, Element) else child for child in tree.children
    ]
    return copied


def is_later_state(element: Element) -> bool:
    """What the element around it becomes at an instant; not an instant at which it is fetched."""
    is_instant = element.name == "template" and "data-at" in dict(element.attributes)
    return is_instant and bool(element.children)


def instant_of(state: Element) -> datetime:
    return datetime.fromisoformat(dict(state.attributes)["data-at"])


def is_state(part: Any) -> bool:
    return isinstance(part, Element) and is_later_state(part)


def parent_of(tree: Element, element: Element) -> Element:
    return next(p for p in elements(tree) if any(child is element for child in p.children))


def remove_from(tree: Element, element: Element) -> None:
    for parent in elements(tree):
        parent.children = [child for child in parent.children if child is not element]


def compared_part(html: str) -> str:
    """The body of a page, without scripts and CSRF tokens."""
    html = re.sub(r"<(script|style|head)\b.*?</\1>", "", html, flags=re.DOTALL)
    html = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', r"\1", html)
    # The lists of announcements are written by announcements.js, and tested in the browser.
    html = re.sub(r"<ul[^>]* data-announcements.*?</ul>", "", html, flags=re.DOTALL)
    html = re.sub(r"<p[^>]* data-when-empty.*?</p>", "", html, flags=re.DOTALL)
    # Open details, typed text and selections belong to the user, and the menu is never fetched.
    html = re.sub(r"<select.*?</select>", "", html, flags=re.DOTALL)
    html = re.sub(r"<details class=\"more deposit-more.*?</details>", "", html, flags=re.DOTALL)
    html = re.sub(r'<nav class="nav".*?</nav>', "", html, flags=re.DOTALL).replace(" has-nav", "")
    html = re.sub(r' data-(live-after|now|sky)="[^"]*"', "", html)
    html = re.sub(r" hx-headers='[^']*'", "", html)
    return f"<div>{html}</div>"


def elements(tree: Element) -> Iterator[Element]:
    """The element and those within it, in the order of the page; not what templates contain."""
    yield tree
    for child in () if tree.name == "template" else tree.children:
        if isinstance(child, Element):
            yield from elements(child)


def by_id(tree: Element, name: str) -> Element | None:
    """The element with this id."""
    return next((e for e in elements(tree) if dict(e.attributes).get("id") == name), None)


def replace_in(tree: Element, old: Element, new: Element | None) -> None:
    """Put `new` in the place of `old`, if both are in the tree. An empty element with `hx-preserve`
    keeps the old content, as in morph.js.
    """
    for piece in list(elements(new)) if new is not None else ():
        attributes = dict(piece.attributes)
        # One without an id is filled by its own request, which a page here never makes.
        kept = by_id(old, attributes["id"]) if {"id", "hx-preserve"} <= attributes.keys() else None
        if kept is not None and not any(isinstance(c, Element) for c in piece.children):
            piece.attributes, piece.children = kept.attributes, kept.children
    for parent in elements(tree):
        for place, child in enumerate(parent.children):
            if child is old and new is not None:
                parent.children[place] = new
                return


def shown_nouns(attributes: dict[str, str]) -> set[str]:
    """Of `data-shows`, without the fields of an edition."""
    return {noun_of(each) for each in attributes.get("data-shows", "").split()}


def received_types(user: User | None, edition: Edition, since: int) -> set[str]:
    """The types of the messages that this user's open pages received."""
    messages = LiveMessage.objects.for_audiences(roles.audiences_for(user, edition)).filter(
        pk__gt=since
    )
    return set(messages.values_list("type", flat=True))
