"""One rehearsal from its preparation to its report."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import uvloop
from django.db import connection

from hackathon.base.core import clock
from hackathon.extras.trial_runs import background, report
from hackathon.extras.trial_runs.demo import people
from hackathon.extras.trial_runs.demo.people import Plan
from hackathon.extras.trial_runs.enums import Part
from hackathon.extras.trial_runs.event import DEFAULT_BYTES, Event, verified
from hackathon.extras.trial_runs.outcome import Outcome, outcome_of

PREPARATION = timedelta(hours=1)  # never so long
BEFORE_BEGIN = timedelta(seconds=2)


@dataclass(frozen=True)
class Order:
    """`bytes`: the median size of files. `line`: bytes per second of an upload; 0: no limit.
    `only_end`: the last minutes before the deadline instead of the whole event.
    `within`: how many seconds seals, inspections and mails may take.
    """

    url: str
    minutes: float = 5.0
    teams: int = 60
    bytes: int = DEFAULT_BYTES
    line: int = 0
    insecure: bool = False
    only_end: bool = False
    within: float = background.WITHIN_SECONDS


@dataclass(frozen=True)
class Result:
    outcome: Outcome
    html: str
    facts: dict[str, Any] = field(default_factory=dict)


def rehearse(order: Order, say: Callable[[str], None]) -> Result:
    """The caller has called `people.check_possible`, and calls `people.clean` afterwards."""
    url = order.url.rstrip("/")
    before = background.ready(Part.BEFORE, url, insecure=order.insecure)
    now, length = clock.now(), timedelta(minutes=order.minutes)
    plan = Plan(now + PREPARATION, length, order.only_end)
    cast = people.prepare(plan, teams=order.teams, at=now)
    plan = replace(plan, begins_at=clock.now() + BEFORE_BEGIN)
    people.set_schedule(cast.edition, plan, at=clock.now())
    connection.close()  # the server may restart during the rehearsal

    def tell(sentence: str) -> None:
        say(f"{(clock.now() - plan.begins_at).total_seconds():6.1f} s  {sentence}")

    tell("It begins.")
    tls = verified(url, insecure=order.insecure)
    event = Event(url, cast, plan, tls, size=order.bytes, line=order.line)
    uvloop.run(event.run(tell))
    tell("Seals, inspections and mails are waited for.")
    after = background.findings(cast.edition, event.notes, within=order.within)
    outcome = outcome_of(cast.edition, event.notes)
    ready = background.ready(Part.AFTER, url, insecure=order.insecure)
    outcome.findings = [before, *after, ready]
    facts = _facts(order, event, outcome, len(cast.students), len(cast.jurors))
    return Result(outcome, report.html(plan, event.notes, outcome, facts), facts)


def _facts(
    order: Order, event: Event, outcome: Outcome, students: int, jurors: int
) -> dict[str, Any]:
    notes = event.notes
    marks = ", ".join(f"{count} {name}" for name, count in sorted(outcome.marks.items()))
    return {
        "Length": f"{order.minutes:g} minutes",
        "Students, jurors": f"{students}, {jurors}",
        "Requests": outcome.requests,
        "Deposits sent": f"{outcome.sent}, {outcome.cuts} of them with a line that was cut",
        "Deposits received": f"{outcome.received} ({marks})",
        "Deposits refused": outcome.refused,
        "Time of a deposit, p95": f"{outcome.uploads_p95:.1f} s",
        "Pages, p50 and p95": f"{outcome.pages_p50:.0f} and {outcome.pages_p95:.0f} ms",
        "Messages seen, p99": f"{outcome.messages}, {outcome.messages_p99:.0f} ms",
        "Marks of jurors": f"{notes.marks}, {notes.marks_refused} of them refused",
        "Sockets that broke": notes.socket_losses,
        "Broken off by late clients": outcome.broken_off.total(),
        "Lag of the clients, p95": f"{outcome.lag_p95:.0f} ms",
    }
