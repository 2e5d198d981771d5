"""Events in which sixty teams hand in."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bench.night.evening import Evening, wait_until
from bench.night.measure import Meter, Result, quantile
from bench.night.tab import NightTab
from hackathon.extras.trial_runs.hand_ins import hand_in
from hackathon.run.page_client.client import Deposit, Person
from hackathon.run.page_client.markup import instant, part

MB = 1_000_000
TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)  # what the page shows later


def allowed_marks(deposit: Deposit, deadline_at: datetime) -> set[str]:
    """Where the upload was opened around the deadline, only the server knows on which side."""
    if datetime.fromisoformat(deposit.received_at) <= deadline_at:
        return {"on_time"}
    is_in_time = deposit.opened_at <= deadline_at.timestamp()
    return {"in_grace"} if is_in_time else {"in_grace", "late"}


async def one_hand_in(
    evening: Evening, tabs: list[NightTab], person: Person, content: bytes
) -> Deposit:
    """Then the page of this person, if it is open, refreshes what it shows."""
    own = next((t for t in tabs if t.browser.person == person and t.path == "/rendu/"), None)
    browser = own.browser if own else evening.browser(person)
    size = len(content)
    deposit = await hand_in(browser, person.deliverables[0], content, size, cut_share=0)
    if not deposit.code:
        raise RuntimeError(f"upload refused: {deposit.refused}")
    if own:
        own.handed_in()
    else:
        await browser.close()
    return deposit


def one_of_each_team(evening: Evening) -> list[Person]:
    by_team: dict[int, Person] = {}
    for student in evening.students:
        if student.deliverables and student.team != evening.delayed_team:
            by_team.setdefault(student.team, student)
    return list(by_team.values())[:60]


async def deadline(evening: Evening, meter: Meter) -> list[Result]:
    """60 hand-ins of 2 MB begin in the last 1.5 s; later the grace ends."""
    at = await evening.move_to_soon("deadline_at", evening.slowness)
    await meter.calm(time.time(), least=3)
    people = one_of_each_team(evening)
    content = random.randbytes(2 * MB)  # noqa: S311
    handed: list[Deposit] = []

    async def all_hand_in() -> dict[str, Any]:
        async def one(person: Person) -> Deposit:
            await wait_until(at.timestamp() - random.uniform(0.05, 1.5))  # noqa: S311
            return await one_hand_in(evening, meter.tabs, person, content)

        done = await asyncio.gather(*(one(person) for person in people))
        handed.extend(done)
        return {
            "handed_in": len(done),
            "received": sum(bool(d.received_at) for d in done),
            "most_seconds": max(d.answered_at - d.asked_at for d in done),
        }

    # Pages with an extension, and pages that do not show the deadline, are not concerned.
    def concerned(tab: NightTab) -> bool:
        return tab.browser.person.team != evening.delayed_team and tab.path != "/jury/"

    def clock_is_past(passed: datetime) -> Callable[[NightTab, str, str], bool]:
        def test(tab: NightTab, html: str, toasts: str) -> bool:
            return clock_target(html) != passed.timestamp() and _period_is_past(html, passed, at)

        return test

    results = [
        await meter.event(
            "deadline passes",
            all_hand_in,
            clock_is_past(at),
            concerned=concerned,
            begins=at.timestamp,
            least=max(1.0, at.timestamp() - time.time()) + 4,
        ),
    ]
    marks = [await mark_of(evening, v, d) for v, d in zip(people, handed, strict=True)]
    right = [mark in allowed_marks(done, at) for mark, done in zip(marks, handed, strict=True)]
    results[0].more |= {"right_marks": sum(right), "on_time": marks.count("on_time")}
    grace_ends = await evening.move_to_soon("grace", 10 + results[0].last / 1000)
    await meter.calm(time.time(), least=3)

    results.append(
        await meter.event(
            "grace ends",
            lambda: wait_until(grace_ends.timestamp()),
            clock_is_past(grace_ends),
            concerned=concerned,
            begins=grace_ends.timestamp,
        )
    )
    return results


def clock_target(html: str) -> float:
    """The instant to which the page's clock counts, epoch seconds; 0 if it does not count."""
    clock = TEMPLATE.sub("", part(html, "clock") or html)
    found = re.search(r'data-countdown datetime="([^"]+)"', clock)
    return instant(found[1]) if found else 0.0


def _period_is_past(html: str, passed: datetime, deadline_at: datetime) -> bool:
    """On /rendu/ the rule of the edition's deadline; other pages have none. Without a sentence it
    is open. Rules of deliverables with instants of their own have more attributes.
    """
    html = TEMPLATE.sub("", html)
    if 'id="deposits-rule"' not in html:
        return True
    found = re.search(r'class="deposits-rule is-(\w+)">', html)
    state = found[1] if found else "open"
    return state not in ("before", "open", *(["grace"] if passed > deadline_at else []))


async def mark_of(evening: Evening, person: Person, done: Deposit) -> str:
    browser = evening.browser(person)
    answer = await browser.request("GET", "/api/v1/deliverables/")
    await browser.close()
    pattern = rf'"id": ?{done.submission},.*?"mark": ?"(\w+)"'
    mark = re.search(pattern, answer.text if answer else "", re.DOTALL)
    return mark[1] if mark else "none"


WINDOW = re.compile(r'data-window-key="(\d+)" data-window-state="(\w+)"')


async def facade(evening: Evening, meter: Meter, seconds: float = 60.0) -> list[Result]:
    """The time from each hand-in until the page shows the team's window as it is now."""
    people = one_of_each_team(evening)
    content = random.randbytes(100_000)  # noqa: S311
    handed: dict[int, float] = {}

    async def all_hand_in() -> None:
        async def one(number: int, person: Person) -> None:
            await asyncio.sleep(number * seconds / len(people))
            deposit = await one_hand_in(evening, meter.tabs, person, content)
            handed[person.team] = deposit.answered_at

        await asyncio.gather(*(one(n, person) for n, person in enumerate(people)))

    result = await meter.event(
        "façade, 60 hand-ins", all_hand_in, lambda tab, html, toasts: True, least=seconds
    )
    watching = [tab for tab in meter.tabs if tab.path == "/"]
    before = dict(WINDOW.findall(watching[0].shown[0][1]))
    delays, never = [], 0
    answer = await watching[0].browser.request("GET", "/", kind="page")
    now = dict(WINDOW.findall(answer.text if answer else ""))
    lit = {team: at for team, at in handed.items() if now.get(str(team)) != before.get(str(team))}
    for tab in watching:
        seen: dict[str, float] = {}
        last = before
        for at, html in tab.shown:
            states = dict(WINDOW.findall(html))
            for team, state in states.items():
                if state != last.get(team):
                    seen[team] = at
            last = states
        for team, at in lit.items():
            if str(team) in seen:
                delays.append(1000 * max(0.0, seen[str(team)] - at))
            else:
                never += 1
    result.pages, result.never = len(watching), never
    result.p50, result.p95 = quantile(delays, 0.5), quantile(delays, 0.95)
    result.last = max(delays, default=float("nan"))
    result.more = {"windows_that_changed": len(lit)}
    return [result]
