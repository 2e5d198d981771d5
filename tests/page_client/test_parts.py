"""What the client of a rehearsal fetches again: the same as js/parts.js and js/instants.js."""

import asyncio
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from hackathon.run.page_client import parts
from hackathon.run.page_client.markup import live_elements
from hackathon.run.page_client.parts import PACES, Part, Parts, address_of, parts_of

SCRIPT = Path(settings.BASE_DIR) / "hackathon" / "static" / "js" / "parts.js"
START = 1_600_000_000.0  # epoch seconds


@dataclass
class Timer:
    at: float
    run: Callable[[], None]
    is_over: bool = False

    def cancel(self) -> None:
        self.is_over = True


@dataclass
class FakePage:
    """A page whose clock the test moves. The first `failures` requests have no answer."""

    html: str
    failures: int = 0
    now: float = 0.0
    asked: list[tuple[float, str]] = field(default_factory=list)  # seconds, address
    timers: list[Timer] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return START + self.now

    async def fetch_parts(self, address: str, ids: list[str]) -> bool:
        self.asked.append((round(self.now, 2), address_of(address, ids) if address else "page"))
        return len(self.asked) > self.failures

    def later(self, seconds: float, run: Callable[[], None], *, awaited: bool) -> Timer:
        self.timers.append(Timer(self.now + seconds, run))
        return self.timers[-1]

    def start(self, work: Any) -> None:
        asyncio.run(work)

    def change(self, change: Callable[[str], str]) -> None:
        self.html = change(self.html)

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [t for t in self.timers if not t.is_over and t.at <= end]:
            first = min(due, key=lambda timer: timer.at)
            first.is_over, self.now = True, max(self.now, first.at)
            first.run()
        self.now = end

    @property
    def addresses(self) -> list[str]:
        return [address for _at, address in self.asked]


@pytest.fixture
def opened(monkeypatch) -> Callable[..., tuple[FakePage, Parts]]:
    def open_page(html: str, failures: int = 0) -> tuple[FakePage, Parts]:
        page = FakePage(html, failures)
        monkeypatch.setattr(parts, "time", page)
        return page, Parts(page)

    return open_page


def block(name: str, more: str = 'data-src="/blocs/" data-pace="now"', inside: str = "x") -> str:
    return f'<section id="{name}" data-shows="team" {more}>{inside}</section>'


def message(kind: str = "team.updated", **more: Any) -> dict[str, Any]:
    return {"type": kind, "data": {}, **more}


def at(seconds: float) -> str:
    instant = datetime.fromtimestamp(START + seconds, UTC).isoformat()
    return f'<template data-at="{instant}"></template>'


def test_the_parts_of_a_page():
    html = (
        '<main><nav class="nav" id="nav"\n  data-shows="rights team"\n'
        '  data-src="/menu/?a=1&amp;b=2"><a href="/">A</a></nav><p data-shows="nothing"></p>'
        '<p id="day" data-src="/day/" data-pace="slow" data-shows="edition.timezone"></p></main>'
    )

    assert parts_of(live_elements(html)) == [
        Part("nav", frozenset({"rights", "team"}), "/menu/?a=1&b=2"),
        Part("day", frozenset({"edition.timezone"}), "/day/", PACES["slow"]),
    ]


def test_the_paces_are_those_of_the_script():
    source = SCRIPT.read_text()
    table = re.findall(r"^  (\w+): (\{ gather.*?\}),", source, re.MULTILINE)
    as_json = {name: json.loads(re.sub(r"(\w+):", r'"\1":', pace)) for name, pace in table}
    constants = dict(re.findall(r"^const (\w+) = \[?([\d_, ]+)\]?; // ms", source, re.MULTILINE))

    assert as_json == {
        name: {"gather": pace.gather, "spread": pace.spread, "pauses": list(pace.pauses)}
        for name, pace in PACES.items()
    }
    assert int(constants["SPREAD"]) == parts.SPREAD_MS
    assert int(constants["SOON"]) == 1000 * parts.SOON_SECONDS
    retries = [int(retry) for retry in constants["RETRIES"].split(",")]
    assert retries == [1000 * seconds for seconds in parts.RETRIES_SECONDS]


@pytest.mark.parametrize(
    ("address", "asked"),
    [("/blocs/", "/blocs/?parts=a,b"), ("/equipe/?open=INFO", "/equipe/?open=INFO&parts=a,b")],
)
def test_an_address_is_asked_for_some_parts(address, asked):
    assert address_of(address, ["a", "b"]) == asked


@pytest.mark.parametrize(
    ("shows", "kind", "changed", "is_concerned"),
    [
        ("team help", "team.updated", None, True),
        ("own_team", "team.updated", None, False),
        ("team", "own_team.changed", None, False),
        ("edition", "edition.changed", ["deadline_at"], True),
        ("edition.timezone", "edition.changed", ["timezone", "name"], True),
        ("edition.timezone", "edition.changed", ["deadline_at"], False),
        ("edition.timezone", "edition.changed", None, True),
    ],
)
def test_a_part_is_concerned_by_its_nouns(shows, kind, changed, is_concerned):
    part = Part("a", frozenset(shows.split()))

    assert part.concerns({"type": kind, "data": {"changed": changed}}) is is_concerned


def test_parts_with_one_address_are_fetched_in_one_request(opened):
    other = block("other", 'data-src="/autre/" data-pace="now"')
    page, open_parts = opened(block("day") + block("figures") + block("wrong") + other)

    open_parts.on(message())
    open_parts.on(message())
    page.advance(10)

    assert page.asked == [(0.25, "/blocs/?parts=day,figures,wrong"), (0.25, "/autre/?parts=other")]


def test_a_burst_does_not_delay_a_fetch_and_pauses_follow(opened):
    page, open_parts = opened(block("day"))

    for _ in range(30):
        open_parts.on(message())
        page.advance(0.1)

    times = [at for at, _address in page.asked]
    assert times[0] == 0.25
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.7
    assert len(times) == 4


def test_the_pauses_grow_where_many_have_the_part(opened):
    page, open_parts = opened(block("day", 'data-src="/jour/"'))

    for _ in range(100):
        open_parts.on(message(spread=0))
        page.advance(0.1)

    times = [at for at, _address in page.asked]
    assert [round(b - a, 1) for a, b in itertools.pairwise(times)] == [0.3, 2.0, 3.0, 3.0]


def test_a_message_is_spread_over_its_milliseconds(opened):
    first = []
    for _ in range(50):
        page, open_parts = opened(block("day", ""))
        open_parts.on(message(spread=4000))
        page.advance(10)
        first.append(page.asked[0][0])

    assert min(first) >= 0.25
    assert 2 < max(first) <= 4.25


def test_what_had_no_answer_is_fetched_again(opened):
    page, open_parts = opened(block("day"), failures=2)

    open_parts.on(message())
    page.advance(10)

    assert page.addresses == ["/blocs/?parts=day"] * 3


def test_an_instant_that_passes_is_a_cause_like_a_message(opened):
    page, _parts = opened(block("day", inside=at(60)) + block("figures", inside=at(3600)))

    page.advance(59.9)
    before = list(page.addresses)
    page.advance(10)

    assert before == []
    assert page.addresses == ["/blocs/?parts=day"]


def test_a_state_that_is_in_the_page_is_shown_at_its_instant(opened):
    later = at(60).replace("></template>", '><section id="day">later</section></template>')
    page, _parts = opened(block("day", inside=later))

    page.advance(59)
    before = page.html
    page.advance(60)

    assert before == block("day", inside=later)
    assert page.html == '<section id="day">later</section>'
    assert page.addresses == []


def test_instants_are_those_of_the_page_that_was_read_last(opened):
    """It may have become shorter since: what has changed is read some time later."""
    page, _parts = opened(block("day", inside="x" * 5000) + block("figures", inside=at(60)))
    page.change(lambda _html: block("day"))

    page.advance(120)

    assert page.addresses == ["/blocs/?parts=figures"]


def test_an_empty_part_is_fetched_once_the_page_is_there(opened):
    page, _parts = opened(block("health", inside=""))

    page.advance(10)

    assert page.addresses == ["/blocs/?parts=health"]


@pytest.mark.parametrize(
    ("complete", "expected"), [(True, []), (False, ["/blocs/?parts=day,figures"])]
)
def test_all_parts_are_fetched_if_too_much_was_missed(complete, expected, opened):
    page, open_parts = opened(block("day") + block("figures"))

    open_parts.on({"type": "live.resumed", "data": {"complete": complete}})
    page.advance(10)

    assert page.addresses == expected


def test_a_page_that_is_left_fetches_nothing(opened):
    page, open_parts = opened(block("day", inside=at(5)))

    open_parts.on(message())
    open_parts.close()
    page.advance(100)

    assert page.addresses == []


@pytest.mark.django_db
def test_the_control_room_answers_the_one_request(edition, eve, client_of, opened):
    browser = client_of(eve)
    page, open_parts = opened(browser.get(reverse("control_room:control")).content.decode())

    open_parts.on({"type": "edition.changed", "data": {}})
    page.advance(2)
    (together,) = [address for address in page.addresses if "block-day" in address]
    answer = browser.get(together, headers={"HX-Request": "true"})

    ids = together.partition("?parts=")[2].split(",")
    assert len(ids) > 10
    assert answer.status_code == 200
    assert all(f'id="{name}"' in answer.content.decode() for name in ids)
