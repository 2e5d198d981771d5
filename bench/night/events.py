"""What happens during the night, and when a page is right after it."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.night.evening import Evening, instant_in, wait_until
from bench.night.measure import Meter, Result, caused, quantile
from bench.night.projector import ProjectorTab
from bench.night.tab import NightTab
from hackathon.run.page_client.markup import part

TITLE = "Le sujet de la nuit"  # of all briefs; the code of the department follows
REMOTE = "/ceremonie/telecommande/"
PRESENTATION = "une équipe sur scène"  # comes next
DECK = re.compile(r'data-deck-id="(\d+)"')
SEEN = re.compile(r'name="seen" value="(\d+)"')

# ---------------------------------------------------------------- announcements


async def announcements(evening: Evening, meter: Meter) -> list[Result]:
    stamp = f"{time.time():.0f}"
    first, second = f"Pizzas au rez-de-chaussée {stamp}", f"Pizzas au deuxième étage {stamp}"
    made: dict[str, Any] = {}

    async def announce() -> None:
        body = {"audience": "everyone", "body": first}
        answer = await evening.ask("POST", "/api/v1/announcements/", json=body)
        made.update(answer.json())

    async def correct() -> None:
        await evening.ask("POST", f"/annonces/{made['id']}/", data={"body": second})

    async def withdraw() -> None:
        await evening.ask("POST", f"/annonces/{made['id']}/retirer/")

    def shows(wanted: str, unwanted: str) -> Callable[[NightTab, str, str], bool]:
        def test(tab: NightTab, html: str, toasts: str) -> bool:
            there = html + toasts
            return (not wanted or wanted in there) and (not unwanted or unwanted not in there)

        return test

    return [
        await meter.event("announcement", announce, shows(first, "")),
        await meter.event("corrected", correct, shows(second, first)),
        await meter.event("withdrawn", withdraw, shows("", second)),
    ]


# ---------------------------------------------------------------- the deadline


async def moved(evening: Evening, meter: Meter) -> list[Result]:
    before = evening.deadline_at
    after = before + timedelta(minutes=10)
    has_instant = {tab.path: instant_in(tab.html, before) for tab in meter.tabs}

    def test(tab: NightTab, html: str, toasts: str) -> bool:
        return instant_in(html, after) and not instant_in(html, before)

    team = next(tab.browser.person.team for tab in meter.tabs if tab.path == "/rendu/")
    evening.delayed_team = team
    own = after + timedelta(minutes=7)
    results = [
        await meter.event(
            "deadline +10 min",
            lambda: evening.move(deadline_at=after.isoformat()),
            test,
            concerned=lambda tab: has_instant[tab.path],
        ),
        await meter.event(
            "extension, one team",
            lambda: evening.extend(team, minutes=7),
            lambda tab, html, toasts: instant_in(html, own),
            concerned=lambda tab: tab.browser.person.team == team and has_instant[tab.path],
        ),
    ]
    evening.slowness = 10 + results[0].last / 1000
    return results


# ---------------------------------------------------------------- briefs


async def briefs(evening: Evening, meter: Meter, at: datetime) -> list[Result]:
    def test(tab: NightTab, html: str, toasts: str) -> bool:
        return f"{TITLE} {tab.browser.person.code}" in html

    result = await meter.event(
        "briefs revealed",
        lambda: wait_until(at.timestamp()),
        test,
        concerned=lambda tab: tab.path == "/sujets/" and tab.browser.person.role == "student",
        begins=at.timestamp,
    )
    projectors = [tab for tab in meter.tabs if isinstance(tab, ProjectorTab)]
    for number, tab in enumerate(projectors):
        result.more[f"{tab.browser.person.role} {number}"] = _at_instant(tab, at)
    return [result]


def _at_instant(tab: ProjectorTab, at: datetime) -> str:
    """When the scene came, and the line with the titles, which stays below it without the key."""
    titles = [each["title"] for each in (tab.brief or {}).get("departments", [])]
    shown = sum(title.startswith(TITLE) for title in titles)
    since = at.timestamp()
    line_at = next((at for at, html in tab.shown if TITLE in html), None)
    came = [tab.brief_at, line_at]
    scene, line = (f"{1000 * (each - since):.0f} ms" if each else "never" for each in came)
    requests = caused(tab, since)
    return f"scene with {shown} titles after {scene}, line after {line}, {requests} requests"


# ---------------------------------------------------------------- the next day, and restarts


async def ceremony(evening: Evening, meter: Meter) -> list[Result]:
    async def press(button: str) -> None:
        page = await evening.ask("GET", REMOTE)
        seen = SEEN.search(page.text)
        await evening.ask("POST", REMOTE, data={"do": button, "seen": seen[1] if seen else "0"})

    await press("start")
    await meter.calm(time.time(), least=3)
    since = {id(tab): _scene(tab.html) for tab in meter.tabs}
    results = [
        await meter.event(
            "ceremony step",
            lambda: press("next"),
            lambda tab, html, toasts: _scene(html) != since[id(tab)],
            concerned=lambda tab: tab.path == "/ceremonie/",
        )
    ]
    while PRESENTATION not in (await evening.ask("GET", REMOTE)).text:
        await press("next")
        await meter.calm(time.time(), least=1)
    since |= {id(tab): _scene(tab.html) for tab in meter.tabs}

    def shows_deck(tab: NightTab, html: str, toasts: str) -> bool:
        if _scene(html) == since[id(tab)]:
            return False
        deck = DECK.search(html)
        return not isinstance(tab, ProjectorTab) or bool(deck and deck[1] in tab.decks)

    results.append(
        await meter.event(
            "step with a deck on two screens",
            lambda: press("next"),
            shows_deck,
            concerned=lambda tab: tab.path == "/ceremonie/" or isinstance(tab, ProjectorTab),
        )
    )
    screens = [tab for tab in meter.tabs if isinstance(tab, ProjectorTab)]
    results[-1].more |= {"decks_stored": [len(tab.decks) for tab in screens]}
    await press("end")
    await meter.calm(time.time(), least=3)

    def published(tab: NightTab, html: str, toasts: str) -> bool:
        if tab.path == "/palmares/":
            return 'class="podium"' in html
        if tab.path == "/rendu/":
            return "/palmares/" in part(html, "own-results")
        return "/palmares/" in part(html, "hero")

    results.append(
        await meter.event(
            "results published",
            lambda: evening.ask("POST", "/organisation/resultats/", data={"confirmed": "on"}),
            published,
            concerned=lambda tab: tab.path in ("/palmares/", "/rendu/", "/"),
        )
    )
    return results


def _scene(html: str) -> str:
    found = re.search(r'data-scene="(\w*)"\s+data-since="([^"]*)"', html)
    return f"{found[1]} {found[2]}" if found else ""


async def restart(evening: Evening, meter: Meter) -> list[Result]:
    """Counted from the instant at which every process listens again."""
    listening = [0.0]

    async def again() -> dict[str, float]:
        began = time.time()
        await asyncio.to_thread(evening.night.stop_answering)
        await asyncio.to_thread(evening.night.start)
        listening[0] = time.time()
        return {"seconds_down": listening[0] - began}

    result = await meter.event(
        "server restarted", again, lambda tab, html, toasts: True, counts_from=lambda: listening[0]
    )
    delays = []
    for tab in meter.tabs:
        answers = [request.at for request in tab.requests]
        if tab.caught_up_at >= listening[0] - result.more["seconds_down"]:
            back = max([tab.caught_up_at, *answers])
            delays.append(1000 * max(0.0, back - listening[0]))
    result.never = len(meter.tabs) - len(delays)
    result.p50, result.p95 = quantile(delays, 0.5), quantile(delays, 0.95)
    result.last = max(delays, default=float("nan"))
    return [result]
