"""Which parts of a page are fetched again, when, and in which requests: as js/refresh.js does for
a visible page. Instants in the page (`data-refresh-at`) are left out.
"""

import asyncio
import html as entities
import random
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

REFETCH = ' data-refetch="'
ATTRIBUTE = re.compile(
    r'\s(id|data-(?:refetch|src|batch|spread|pause|every|edition-fields))="([^"]*)"'
)
BATCHED = re.compile(r"\sdata-batch(?=[\s=]|$)")
FRAGMENT = re.compile(r'data-fragment="([^"]+)"')
OFTEN_UNUSED = "window.changed"
USES_IT = re.compile(
    rf'data-(?:refetch="[^"]*live:|block="[^"]*){OFTEN_UNUSED}|data-fragment="(?:facade|hero)"'
)
LAST_NAME = re.compile(r"[\w-]+(?=/$)")
GATHER_SECONDS = 0.25
SPREAD_MS = 1250.0
PAUSES_SECONDS = (0.25, 2.0, 3.0)  # between two fetches of a part, while they go on
PAUSE_OF_FEW_SECONDS = 0.7  # where few people have the part: its spread is 0
RETRY_SECONDS = (2, 5, 10, 20)

type Message = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """`address`: "" is that of the page. `spread` in ms; None: that of the message. `pause` in
    seconds; None: the usual ones. `every`: also fetched after so many seconds; 0: not. `fields` of
    the edition that it shows; None: any.
    """

    wanted: frozenset[str]
    address: str = ""
    is_batched: bool = False
    spread: float | None = None
    pause: float | None = None
    every: float = 0.0
    fields: frozenset[str] | None = None

    def own_pause(self, usual: float) -> float:
        if self.pause is not None:
            return self.pause
        return PAUSE_OF_FEW_SECONDS if self.spread == 0 else usual

    def concerns(self, message: Message) -> bool:
        if f"live:{message['type']}" not in self.wanted:
            return False
        changed = message["data"].get("changed")
        if message["type"] != "edition.changed" or self.fields is None or not changed:
            return True
        return not self.fields.isdisjoint(changed)


def unused_types(html: str) -> list[str]:
    """Of messages that js/live.js does not want for this page."""
    return [] if USES_IT.search(html) else [OFTEN_UNUSED]


def parts_of(html: str) -> Iterator[Part]:
    at = html.find(REFETCH)
    while at >= 0:  # a regular expression would try each tag of the page: 1 ms
        tag = html[html.rfind("<", 0, at) : html.find(">", at)]
        found = {name: entities.unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        if found.get("id"):
            fields = found.get("data-edition-fields")
            spread, pause = found.get("data-spread"), found.get("data-pause")
            yield Part(
                wanted=frozenset(found["data-refetch"].split()),
                address=found.get("data-src", ""),
                is_batched=BATCHED.search(tag) is not None,
                spread=None if spread is None else float(spread),
                pause=None if pause is None else float(pause),
                every=float(found.get("data-every", 0)),
                fields=None if fields is None else frozenset(fields.split()),
            )
        at = html.find(REFETCH, at + 1)


@dataclass
class _Source:
    """`timer`: while it is stale."""

    timer: asyncio.TimerHandle | None = None
    failures: int = 0
    fetched_at: float | None = None
    pauses: int = 0

    def fetched(self) -> None:
        now, longest = time.monotonic(), PAUSES_SECONDS[-1]
        goes_on = self.fetched_at is not None and now - self.fetched_at <= longest
        self.pauses = self.pauses + 1 if goes_on else 0
        self.timer, self.fetched_at = None, now


class Parts:
    """Those of one page, as it was when it was opened. `fetch`: whether there was an answer."""

    def __init__(self, html: str, fetch: Callable[[str], Awaitable[bool]]) -> None:
        self._parts = list(parts_of(html))
        self._fetch = fetch
        self._sources: dict[str, _Source] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._opened_at = time.monotonic()
        self._ages: asyncio.TimerHandle | None = None
        if any(part.every for part in self._parts):
            self._check_ages()

    def close(self) -> None:
        if self._ages is not None:
            self._ages.cancel()
        for source in self._sources.values():
            if source.timer is not None:
                source.timer.cancel()
        for task in self._running:
            task.cancel()

    def on(self, message: Message) -> None:
        if message["type"] == "live.resumed" and not message["data"]["complete"]:
            for address in dict.fromkeys(part.address for part in self._parts):
                self._fetch_soon(address, 0.0)
        for part in self._parts:
            if part.concerns(message):
                spread = part.spread
                if spread is None:
                    spread = float(message.get("spread", SPREAD_MS))
                self._fetch_soon(part.address, random.uniform(0, spread / 1000))

    def _fetch_soon(self, address: str, delay: float) -> None:
        source = self._sources.setdefault(address, _Source())
        if source.timer is not None:
            return
        wait = GATHER_SECONDS + delay
        if source.fetched_at is not None:
            usual = PAUSES_SECONDS[min(source.pauses, len(PAUSES_SECONDS) - 1)]
            own = [part.own_pause(usual) for part in self._parts if part.address == address]
            pause = min(own)
            wait = max(wait, source.fetched_at + pause - time.monotonic())
        loop = asyncio.get_running_loop()
        source.timer = loop.call_later(wait, self._refetch, address)

    def _batch_of(self, address: str) -> list[str]:
        """What is fetched with this one: all that waits and may be fetched in one request."""
        batched = {p.address for p in self._parts if p.is_batched and "?" not in p.address}
        if address not in batched:
            return [address]
        stale = [each for each, source in self._sources.items() if source.timer is not None]
        return [address, *(each for each in stale if each in batched and each != address)]

    def _refetch(self, address: str) -> None:
        addresses = self._batch_of(address)
        for each in addresses:
            source = self._sources[each]
            if source.timer is not None:
                source.timer.cancel()
            source.fetched()
        task = asyncio.get_running_loop().create_task(self._fetch_all(addresses))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _fetch_all(self, addresses: list[str]) -> None:
        source = self._sources[addresses[0]]
        if await self._fetch(joined(addresses)):
            source.failures = 0
            return
        seconds = RETRY_SECONDS[min(source.failures, len(RETRY_SECONDS) - 1)]
        source.failures += 1
        for each in addresses:
            self._fetch_soon(each, seconds * random.uniform(0.67, 1.33))

    def _check_ages(self) -> None:
        self._ages = asyncio.get_running_loop().call_later(1.0, self._check_ages)
        for part in self._parts:
            source = self._sources.get(part.address)
            since = source.fetched_at if source and source.fetched_at else self._opened_at
            if part.every and time.monotonic() - since > part.every:
                self._fetch_soon(part.address, 0.0)


def joined(addresses: list[str]) -> str:
    """« …/blocs/day/ » and « …/blocs/figures/ » are « …/blocs/day,figures/ »."""
    first, *others = addresses
    names = [each.split("/")[-2] for each in others]
    return LAST_NAME.sub(lambda found: ",".join([found[0], *names]), first) if names else first
