"""The report of a rehearsal as one HTML file: no script, no other file."""

from typing import Any

from django.template.loader import render_to_string

from hackathon.extras.trial_runs.demo.people import Plan
from hackathon.extras.trial_runs.outcome import MESSAGES_P99_MS, PAGES_P95_MS, Outcome, series
from hackathon.page_client.client import Notes

WIDTH, HEIGHT = 900, 160
PLOTS = (
    ("Pages (ms): p50 blue, p95 red", ("pages_p50", "pages_p95"), PAGES_P95_MS),
    ("Messages, p99 (ms)", ("messages_p99",), MESSAGES_P99_MS),
    ("Requests per second", ("requests",), None),
    ("Deposits received", ("received",), None),
    ("Server errors", ("errors",), None),
)


def html(plan: Plan, notes: Notes, outcome: Outcome, facts: dict[str, Any]) -> str:
    # A site that is too slow goes on answering after the end.
    length = max([plan.length.total_seconds(), *(sample.at for sample in notes.samples)])
    instants = [
        (name, WIDTH * (at - plan.begins_at).total_seconds() / length)
        for name, at in (
            ("briefs", plan.briefs_at),
            ("deadline", plan.deadline_at),
            ("juries", plan.judging_at),
            ("ceremony", plan.at(0.91)),
        )
    ]
    context = {
        "outcome": outcome,
        "facts": facts,
        "errors": outcome.server_errors.most_common(),
        "broken_off": outcome.broken_off.most_common(),
        "width": WIDTH,
        "height": HEIGHT,
        "instants": instants,
        "plots": [_plot(title, names, goal, notes, length) for title, names, goal in PLOTS],
    }
    return render_to_string("trial_runs/report.html", context)


def _plot(
    title: str, names: tuple[str, ...], goal: float | None, notes: Notes, length: float
) -> dict[str, Any]:
    lines = [series(notes, name) for name in names]
    top = max([value for line in lines for _, value in line] + [goal or 0.0, 1.0])

    def y(value: float) -> float:
        return round(HEIGHT * (1 - value / top), 1)

    return {
        "title": title,
        "top": f"{top:.0f}",
        "goal": y(goal) if goal is not None else None,
        "lines": [
            " ".join(f"{round(WIDTH * min(1, at / length), 1)},{y(value)}" for at, value in line)
            for line in lines
        ],
    }
