"""Sends to each socket the fragments of its page that live messages have changed (`docs/live.md`).

One process renders one fragment after the other, after the change was committed: what is sent
later was read later.
"""

import asyncio
import json
import logging
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from channels.db import database_sync_to_async

from hackathon.base.core.failures import is_connection_lost
from hackathon.base.live.fragments import Audiences, registry
from hackathon.base.live.nouns import noun_of

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.05  # a deposit is several messages
# After rendering for so long it rests twice as long: the sockets and the pages need the processor
# too. Most messages need less, and are sent without a pause.
SLICE_SECONDS = 0.05
REST_RATIO = 2.0
LONGEST_REST_SECONDS = 2.0
MAX_FAILURES = 5  # in a row of one fragment, while the database answers
# A part of a fragment that is sent alone if nothing around it has changed: for a deposit, 0.4 kB
# instead of 17 kB to each page that shows the windows of 60 teams.
PIECE = re.compile(r"<!--piece-->(.*?)<!--/piece-->", re.DOTALL)
LATER = "<template data-at="
PIECE_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True)
class Wanted:
    """One fragment for people with the same audiences and language."""

    name: str
    audiences: Audiences
    language: str


# A socket; hashable, with `offer(text)`.
type Subscriber = Any
# In the given order, for so many seconds of the processor's time, at least one: the others are
# asked for again. Empty for those who do not see the fragment. Equal texts are the same object.
type Renderer = Callable[[Collection[Wanted], Hashable, float], dict[Wanted, str]]


@dataclass(frozen=True, eq=False)
class _Version:
    """What a socket has received; without its pieces, and those by id."""

    html: str
    frame: str
    pieces: dict[str, str]

    @classmethod
    def of(cls, html: str) -> "_Version":
        if LATER in html:  # its later states have the same pieces
            return cls(html, html, {})
        pieces = [match.strip() for match in PIECE.findall(html)]
        ids = [marked.group(1) if (marked := PIECE_ID.search(piece)) else "" for piece in pieces]
        return cls(html, PIECE.sub("", html), dict(zip(ids, pieces, strict=True)))

    def since(self, old: "_Version | None") -> str:
        if old is None or old.frame != self.frame or old.pieces.keys() != self.pieces.keys():
            return self.html
        return "".join(html for pk, html in self.pieces.items() if old.pieces[pk] != html)


@dataclass
class _Page:
    """What the page of a socket shows, and which versions were sent to it."""

    names: frozenset[str]
    language: str
    sent: dict[str, _Version] = field(default_factory=dict)


class FragmentSender:
    """Call all methods on the thread of the event loop."""

    def __init__(self, audiences_of: Callable[[Subscriber], Audiences | None]) -> None:
        self.render: Renderer = lambda wanted, _received, _seconds: dict.fromkeys(wanted, "")
        self._audiences_of = audiences_of
        self._pages: dict[Subscriber, _Page] = {}
        self._stale: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._sending: asyncio.Task[None] | None = None
        self._received = 0
        self._failures: Counter[str] = Counter()  # in a row, by fragment
        self._worked = 0.0  # seconds of the processor since the last rest

    def shows(self, subscriber: Subscriber, names: Iterable[str], language: str) -> None:
        declared = sorted(name for name in set(names) if name in registry.fragments)
        self._pages[subscriber] = _Page(frozenset(declared), language)

    def forget(self, subscriber: Subscriber) -> None:
        self._pages.pop(subscriber, None)

    def changed(
        self, types: Collection[str], receivers: Iterable[Subscriber], received: int
    ) -> None:
        """`receivers` got messages of these types; this process got `received` in all."""
        self._received = received
        if names := registry.showing({noun_of(kind) for kind in types}):
            self._mark(names, receivers)

    def all_changed(self, subscriber: Subscriber) -> None:
        """Its rights are others, or it missed messages."""
        if page := self._pages.get(subscriber):
            self._mark(page.names, [subscriber])

    def _mark(self, names: Collection[str], subscribers: Iterable[Subscriber]) -> None:
        for subscriber in subscribers:
            if page := self._pages.get(subscriber):
                for name in page.names.intersection(names):
                    self._stale[name].add(subscriber)
        if self._stale and (self._sending is None or self._sending.done()):
            self._sending = asyncio.get_running_loop().create_task(self._send_all())

    def render_again(self) -> None:
        """Call it once a second."""
        second = int(time.time())
        due = {f.name for f in registry.fragments.values() if f.every and second % f.every == 0}
        self._mark(due, list(self._pages))

    async def _send_all(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        while self._stale:
            # Taken out first: what changes while this is being sent is rendered again afterwards.
            stale, self._stale = self._stale, defaultdict(set)
            for name in filter(stale.__contains__, registry.fragments):
                await self._send_one(name, stale[name])
            await asyncio.sleep(GATHER_SECONDS)

    async def _send_one(self, name: str, subscribers: Iterable[Subscriber]) -> None:
        groups: defaultdict[Wanted, list[Subscriber]] = defaultdict(list)
        for subscriber in subscribers:
            page, audiences = self._pages.get(subscriber), self._audiences_of(subscriber)
            if page is not None and audiences is not None:
                groups[Wanted(name, audiences, page.language)].append(subscriber)
        versions: dict[str, _Version] = {}
        texts: dict[tuple[_Version | None, _Version], str] = {}
        while groups:
            try:
                rendered, took = await database_sync_to_async(self._rendered)(list(groups))
            except Exception as error:
                logger.exception("The fragment %s could not be rendered", name)
                self._failures[name] += 1
                if is_connection_lost(error) or self._failures[name] < MAX_FAILURES:
                    # Before the pause: what becomes stale during it is rendered with these.
                    self._stale[name].update(*groups.values())
                    await asyncio.sleep(LONGEST_REST_SECONDS)
                return
            del self._failures[name]
            for wanted, html in rendered.items():
                version = versions.get(html) or versions.setdefault(html, _Version.of(html))
                for subscriber in groups.pop(wanted):
                    if html:
                        self._send_version(subscriber, wanted, version, texts)
            await self._rest(took)

    async def _rest(self, took: float) -> None:
        self._worked += took
        if self._worked >= SLICE_SECONDS:
            seconds, self._worked = min(REST_RATIO * self._worked, LONGEST_REST_SECONDS), 0.0
            await asyncio.sleep(seconds)

    def _rendered(self, wanted: Collection[Wanted]) -> tuple[dict[Wanted, str], float]:
        """And the processor's time that it took, in seconds."""
        began = time.thread_time()
        rendered = self.render(wanted, ("socket", self._received), SLICE_SECONDS)
        return rendered, time.thread_time() - began

    def _send_version(
        self,
        subscriber: Subscriber,
        wanted: Wanted,
        version: _Version,
        texts: dict[tuple[_Version | None, _Version], str],
    ) -> None:
        page = self._pages.get(subscriber)
        # Its rights may have changed meanwhile; then it is marked again.
        if page is None or self._audiences_of(subscriber) != wanted.audiences:
            return
        old = page.sent.get(wanted.name)
        text = texts.get((old, version))
        if text is None:
            html = version.since(old)
            text = texts[old, version] = _message(wanted.name, html) if html else ""
        page.sent[wanted.name] = version
        if text:
            subscriber.offer(text)


def _message(name: str, html: str) -> str:
    message = {"type": "fragment.rendered", "data": {"name": name, "html": html}}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
