"""The report of a rehearsal as one HTML file: no script, no other file. What organizers must know
and do is in French (or in the language of the caller); details for the operator are in English.
"""

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.extras.trial_runs.demo.people import Plan
from hackathon.extras.trial_runs.outcome import (
    LAG_P95_MS,
    MESSAGES_P99_MS,
    PAGES_P95_MS,
    Outcome,
    series,
)
from hackathon.run.page_client.client import Notes

WIDTH, HEIGHT = 900, 160
PLOTS = (
    ("Pages (ms): p50 blue, p95 red", ("pages_p50", "pages_p95"), PAGES_P95_MS),
    ("Messages, p99 (ms)", ("messages_p99",), MESSAGES_P99_MS),
    ("Requests per second", ("requests",), None),
    ("Deposits received", ("received",), None),
    ("Server errors", ("errors",), None),
)


def remarks(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """What was wrong, and what an organizer does about it."""
    show = _("Montrez ce rapport à la personne qui s’occupe du serveur.")
    if not outcome.sent or not outcome.messages:
        yield (
            _("Aucun dépôt n’est parti, ou aucune annonce n’est arrivée : rien n’a été essayé."),
            _("Recommencez. Si cela se répète :") + " " + show,
        )
    if n := len(outcome.lost):
        text = ngettext("{n} dépôt a été perdu.", "{n} dépôts ont été perdus.", n)
        yield text.format(n=n), show
    if n := len(outcome.wrongly_marked):
        text = ngettext("{n} dépôt a une heure fausse.", "{n} dépôts ont une heure fausse.", n)
        yield text.format(n=n), _("Les horloges des machines diffèrent peut-être.") + " " + show
    if n := outcome.server_errors.total():
        text = _("Le site n’a pas répondu, ou par une erreur : {n} fois.")
        yield text.format(n=n), show
    again = _(
        "Le serveur est trop lent ou trop occupé : arrêtez ce qu’il fait d’autre, puis recommencez."
        " Si cela se répète, il faut plus de processeurs."
    )
    if outcome.pages_p95 > PAGES_P95_MS:
        text = _(
            "Les pages sont trop lentes : une sur vingt a mis plus de {time} s (but : {goal} s)."
        )
        yield _times(text, outcome.pages_p95, PAGES_P95_MS), again
    if outcome.messages_p99 > MESSAGES_P99_MS:
        text = _(
            "Les annonces arrivent trop tard : une sur cent a mis plus de {time} s"
            " (but : {goal} s)."
        )
        yield _times(text, outcome.messages_p99, MESSAGES_P99_MS), again
    for finding in outcome.failed:
        yield str(finding.part.label), _("À taper sur le serveur :") + " " + finding.remedy
    if n := len(outcome.trouble):
        text = ngettext("{n} geste n’a pas abouti.", "{n} gestes n’ont pas abouti.", n)
        yield text.format(n=n), show
    if outcome.lag_p95 > LAG_P95_MS:
        yield (
            _("L’ordinateur qui jouait les équipes était lui-même trop lent."),
            _("Les temps ci-dessus sont peut-être les siens : répétez depuis une autre machine."),
        )


def _times(text: str, ms: float, goal: float) -> str:
    # `number_format` cuts off what it does not show.
    time, limit = (number_format(round(each / 1000, 1), 1) for each in (ms, goal))
    return text.format(time=time, goal=limit)


def html(plan: Plan, notes: Notes, outcome: Outcome, facts: dict[str, Any]) -> str:
    # A site that is too slow goes on answering after the end.
    length = max([plan.length.total_seconds(), *(sample.at for sample in notes.samples)])
    instants = [
        (name, WIDTH * (at - plan.begins_at).total_seconds() / length)
        for name, at in (
            (_("sujets"), plan.briefs_at),
            (_("heure limite"), plan.deadline_at),
            (_("notes"), plan.judging_at),
            (_("cérémonie"), plan.at(0.91)),
        )
    ]
    context = {
        "outcome": outcome,
        "remarks": list(remarks(outcome)),
        "notes": notes,
        "seconds": round(plan.length.total_seconds()),
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
