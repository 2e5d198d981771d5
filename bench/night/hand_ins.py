"""Events in which sixty teams hand in."""

import asyncio
import random
import re
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.night.evening import Evening, monotonic
from bench.night.measure import Meter, Result, quantile
from bench.night.tab import CSRF, Tab, Visitor
from bench.night.wire import request
from hackathon.rehearsal.markup import instant, part

MB = 1_000_000
TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)  # what the page shows later


@dataclass
class HandIn:
    seconds: float
    opened_at: float  # when the upload was known to be open, epoch seconds
    received_at: datetime | None
    submission: str

    def allowed_marks(self, deadline_at: datetime) -> set[str]:
        """Where the upload was opened around the deadline, only the server knows on which side."""
        if self.received_at and self.received_at <= deadline_at:
            return {"on_time"}
        return {"in_grace"} if self.opened_at <= deadline_at.timestamp() else {"in_grace", "late"}


async def hand_in(visitor: Visitor, tabs: list[Tab], port: int, content: bytes) -> HandIn:
    """As submissions-transfer.js does; then the page of this person refreshes what it shows."""
    own = next((t for t in tabs if t.visitor is visitor and t.path == "/rendu/"), None)
    began = time.monotonic()
    fields = {
        "deliverable": str(visitor.deliverable),
        "team": str(visitor.team),
        "key": f"{time.time_ns()}-{visitor.user}",
        "filename": "nuit.zip",
        "filetype": "application/zip",
    }
    metadata = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in fields.items())
    headers = {
        **visitor.headers,
        "Origin": f"http://localhost:{port}",
        "X-CSRFToken": CSRF,
        "Tus-Resumable": "1.0.0",
    }
    opened = await request(
        port,
        "POST",
        "/uploads/",
        {**headers, "Upload-Length": str(len(content)), "Upload-Metadata": metadata},
    )
    if opened.status != 201:
        raise RuntimeError(f"upload refused: {opened.status} {opened.text[:300]}")
    opened_at = time.time()
    location = opened.headers["location"]
    sent = await request(
        port,
        "PATCH",
        location[location.index("/uploads/") :],
        {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
        content,
    )
    seconds = time.monotonic() - began
    if own is not None:
        own.dispatch("received")
    received = sent.headers.get("submission-received-at")
    return HandIn(
        seconds,
        opened_at,
        datetime.fromisoformat(received) if received else None,
        sent.headers.get("submission-id", ""),
    )


def one_of_each_team(evening: Evening) -> list[Visitor]:
    by_team: dict[int, Visitor] = {}
    for student in evening.students:
        if student.deliverable and student.team != evening.delayed_team:
            by_team.setdefault(student.team, student)
    return list(by_team.values())[:60]


async def deadline(evening: Evening, meter: Meter) -> list[Result]:
    """60 hand-ins of 2 MB begin in the last 1.5 s; later the grace ends."""
    at = await evening.move_to_soon("deadline_at", evening.slowness)
    await meter.calm(time.monotonic(), least=3)
    people = one_of_each_team(evening)
    content = random.randbytes(2 * MB)  # noqa: S311
    handed: list[HandIn] = []

    async def all_hand_in() -> dict[str, Any]:
        async def one(visitor: Visitor) -> HandIn:
            due = monotonic(at) - random.uniform(0.05, 1.5)  # noqa: S311
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            return await hand_in(visitor, meter.tabs, evening.night.ports.uploads, content)

        done = await asyncio.gather(*(one(visitor) for visitor in people))
        handed.extend(done)
        return {
            "handed_in": len(done),
            "received": sum(d.received_at is not None for d in done),
            "most_seconds": max(d.seconds for d in done),
        }

    # Pages with an extension, and pages that do not show the deadline, are not concerned.
    def concerned(tab: Tab) -> bool:
        return tab.visitor.team != evening.delayed_team and tab.path != "/jury/"

    def clock_is_past(passed: datetime) -> Callable[[Tab, str, str], bool]:
        def test(tab: Tab, html: str, toasts: str) -> bool:
            return clock_target(html) != passed.timestamp() and _period_is_past(html, passed, at)

        return test

    results = [
        await meter.event(
            "deadline passes",
            all_hand_in,
            clock_is_past(at),
            concerned=concerned,
            begins=lambda: monotonic(at),
            least=max(1.0, monotonic(at) - time.monotonic()) + 4,
        ),
    ]
    marks = [await mark_of(evening, v, d) for v, d in zip(people, handed, strict=True)]
    right = [mark in done.allowed_marks(at) for mark, done in zip(marks, handed, strict=True)]
    results[0].more |= {"right_marks": sum(right), "on_time": marks.count("on_time")}
    grace_ends = await evening.move_to_soon("grace", 10 + results[0].last / 1000)
    await meter.calm(time.monotonic(), least=3)

    async def wait() -> None:
        await asyncio.sleep(max(0.0, monotonic(grace_ends) - time.monotonic()))

    results.append(
        await meter.event(
            "grace ends",
            wait,
            clock_is_past(grace_ends),
            concerned=concerned,
            begins=lambda: monotonic(grace_ends),
        )
    )
    return results


def clock_target(html: str) -> float:
    """The instant to which the page's clock counts, epoch seconds; 0 if it does not count."""
    clock = TEMPLATE.sub("", part(html, "clock") or html)
    found = re.search(r'data-countdown datetime="([^"]+)"', clock)
    return instant(found[1]) if found else 0.0


def _period_is_past(html: str, passed: datetime, deadline_at: datetime) -> bool:
    """On /rendu/ the rule that applies; other pages have none."""
    found = re.search(r'class="deposits-rule is-(\w+)"', TEMPLATE.sub("", html))
    if not found:
        return True
    return found[1] not in ("before", "open", *(["grace"] if passed > deadline_at else []))


async def mark_of(evening: Evening, visitor: Visitor, done: HandIn) -> str:
    answer = await request(
        evening.night.ports.pages, "GET", "/api/v1/deliverables/", visitor.headers
    )
    found = re.search(rf'"id": ?{done.submission},.*?"mark": ?"(\w+)"', answer.text, re.DOTALL)
    return found[1] if found else "none"


WINDOW = re.compile(r'data-window-key="(\d+)" data-window-state="(\w+)"')


async def facade(evening: Evening, meter: Meter, seconds: float = 60.0) -> list[Result]:
    """The time from each hand-in until the page shows the team's window as it is now."""
    people = one_of_each_team(evening)
    content = random.randbytes(100_000)  # noqa: S311
    handed: dict[int, float] = {}

    async def all_hand_in() -> None:
        async def one(number: int, visitor: Visitor) -> None:
            await asyncio.sleep(number * seconds / len(people))
            await hand_in(visitor, meter.tabs, evening.night.ports.uploads, content)
            handed[visitor.team] = time.monotonic()

        await asyncio.gather(*(one(n, visitor) for n, visitor in enumerate(people)))

    result = await meter.event(
        "façade, 60 hand-ins", all_hand_in, lambda tab, html, toasts: True, least=seconds
    )
    watching = [tab for tab in meter.tabs if tab.path == "/"]
    before = dict(WINDOW.findall(watching[0].shown[0][1]))
    delays, never = [], 0
    answer = await request(evening.night.ports.pages, "GET", "/", watching[0].visitor.headers)
    now = dict(WINDOW.findall(answer.text))
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
