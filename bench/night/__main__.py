"""`python -m bench.night`: 400 open pages during the events of a night, each client doing what the
page's JavaScript does. `--make-run`: one process with SQLite. `--against PATH`: another checkout,
alternating with this one.
"""

import argparse
import asyncio
import json
import logging
import math
import signal
import statistics
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import uvloop

from bench.night import events, hand_ins
from bench.night.evening import CEREMONY, EVENING, FACADE, MORNING, Evening
from bench.night.measure import Result
from bench.night.processes import night
from hackathon.run.page_client.client import Person

HERE = Path(__file__).parent.parent.parent
GROUPS = ["briefs", "announcements", "moved", "restart", "facade", "deadline", "ceremony"]
MEGABYTES = 5
MOST_MINUTES = 30  # of a round; then it is given up


async def one_night(
    checkout: Path,
    shape: str,
    pages: int,
    briefs_in: float,
    groups: list[str],
    results: list[Result],
) -> None:
    with night(checkout, shape) as running:
        running.inside("make")
        evening = Evening(running, pages)
        evening.people("running")
        running.start()
        if "briefs" in groups:
            seconds = briefs_in * (1 if shape == "production" else 2)
            hidden = running.inside("hide_briefs", seconds=seconds, megabytes=MEGABYTES)
            at = datetime.fromisoformat(hidden["at"])
            roles = ["cut", "cut", "projector", "projector"]
            screens = [
                Person(role, 0, "", code=key)
                for role, key in zip(roles, hidden["projectors"], strict=True)
            ]
            async with evening.open(MORNING, screens) as meter:
                results += await events.briefs(evening, meter, at)
        in_the_evening = {
            "announcements": events.announcements,
            "moved": events.moved,
            "restart": events.restart,
        }
        if any(group in in_the_evening for group in groups):
            async with evening.open(EVENING) as meter:
                for group, event in in_the_evening.items():
                    if group in groups:
                        results += await event(evening, meter)
        if "facade" in groups:
            async with evening.open(FACADE) as meter:
                results += await hand_ins.facade(evening, meter)
        if "deadline" in groups:
            async with evening.open(EVENING) as meter:
                results += await hand_ins.deadline(evening, meter)
        if "ceremony" in groups:
            if shape == "make run":
                running.stop_answering()  # the demo needs SQLite for itself
            evening.people("ceremony")
            if shape == "make run":
                running.start()
            async with evening.open(CEREMONY, evening.projectors) as meter:
                results += await events.ceremony(evening, meter)


async def bounded(
    checkout: Path, shape: str, pages: int, briefs_in: float, groups: list[str]
) -> list[Result]:
    """Raises TimeoutError. If an event fails, what was measured before it is printed."""
    results: list[Result] = []
    try:
        async with asyncio.timeout(60 * MOST_MINUTES):
            await one_night(checkout, shape, pages, briefs_in, groups, results)
    except BaseException:
        table([results])
        raise
    return results


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.night")
    options.add_argument("--make-run", action="store_true", help="one process with SQLite")
    options.add_argument("--against", type=Path, help="another checkout of the project")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--pages", type=int, default=400)
    options.add_argument(
        "--briefs-in", type=int, default=90, help="seconds; all pages are loaded in the first 60"
    )
    options.add_argument("--events", nargs="+", choices=GROUPS, default=GROUPS)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    logging.disable(logging.INFO)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    shape = "make run" if chosen.make_run else "production"
    checkouts = {"this": HERE}
    if chosen.against:
        checkouts["against"] = chosen.against.resolve()
    runs: dict[str, list[list[Result]]] = {name: [] for name in checkouts}
    for number in range(chosen.rounds):
        # The order alternates, so that neither always runs on a machine that is still warm.
        for name in list(checkouts)[:: -1 if number % 2 else 1]:
            began = time.monotonic()
            found = uvloop.run(
                bounded(checkouts[name], shape, chosen.pages, chosen.briefs_in, chosen.events)
            )
            runs[name].append(found)
            if not chosen.json:
                print(f"round {number + 1}, {name}: {time.monotonic() - began:.0f} s", flush=True)
    if chosen.json:
        figures = {
            name: [[r.as_dict() for r in run] for run in found] for name, found in runs.items()
        }
        print(json.dumps({"shape": shape, "pages": chosen.pages, "runs": figures}))
        return
    for name, found_runs in runs.items():
        print(f"\n{name}: {checkouts[name].name}, {shape}, {chosen.pages} pages")
        table(found_runs)


def table(runs: list[list[Result]]) -> None:
    """Medians of the runs."""
    print(
        "| event | p50 | p95 | last page right | never | requests per page (most)"
        " | clicks p50, p95 | CPU site, database, client | parts that differ |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for same in zip(*runs, strict=True):

        def median(name: str, same: tuple[Result, ...] = same) -> float:
            values = [getattr(result, name) for result in same]
            return statistics.median(v for v in values if not math.isnan(v) or len(values) == 1)

        first = same[0]
        differing = sorted({part for result in same for part in result.differing})
        print(
            f"| {first.event} ({first.pages}) | {median('p50'):.0f} ms | {median('p95'):.0f} ms"
            f" | {median('last'):.0f} ms | {median('never'):.0f}"
            f" | {median('requests_per_page'):.2f} ({median('most_requests'):.0f})"
            f" | {median('clicks_p50'):.0f}, {median('clicks_p95'):.0f} ms"
            f" | {median('cpu_site'):.1f}, {median('cpu_database'):.1f},"
            f" {median('cpu_client'):.1f} s | {', '.join(differing) or 'none'} |"
        )
        for result in same:
            if result.more:
                print(f"|  {_more(result.more)} |")


def _more(more: dict[str, Any]) -> str:
    return ", ".join(
        f"{key.replace('_', ' ')} {value:.2f}"
        if isinstance(value, float)
        else f"{key.replace('_', ' ')} {value}"
        for key, value in more.items()
    )


if __name__ == "__main__":
    main()
