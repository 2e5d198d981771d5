"""Editions side by side: a table per topic, its numbers as bars, and pictures on the same axes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _

from hackathon.control_room.plot import bars
from hackathon.core.formats import duration_text
from hackathon.years.selectors import Year
from judging.scales import OUT_OF, written
from submissions.enums import Punctuality

BEFORE, AFTER, STEP = 120, 30, 15  # minutes around the deadline, and those of a line of the table

type Value = float | timedelta | None
type Measures = dict[str, Callable[[Year], Value]]


@dataclass(frozen=True)
class Cell:
    """`share`: per cent of the highest value of its line."""

    edition: str
    value: Value
    share: int

    @property
    def text(self) -> str:
        if isinstance(self.value, timedelta):
            return duration_text(self.value)
        return written(self.value or 0, 0 if isinstance(self.value, int) else 1)


@dataclass(frozen=True)
class Table:
    """`pictures`: of each edition, bars in a box of `width` × 100, with a line at `mark`; without
    any, what `without` says.
    """

    title: str
    lines: list[tuple[str, list[Cell]]]
    note: str = ""
    pictures: Sequence[tuple[str, str]] = ()
    without: str = ""
    width: int = 0
    mark: int = 0
    axis: tuple[str, str] = ("", "")


def tables(years: Sequence[Year]) -> list[Table]:
    minutes = [[y.minutes_left[m] for m in range(BEFORE, -AFTER, -1)] for y in years]
    points = [_by_point(year.marks or []) for year in years]

    def table(title: str, measures: Measures, note: str = "", **picture: object) -> Table:
        lines = [(label, _cells(years, measure)) for label, measure in measures.items()]
        return Table(title, lines, note, **picture)  # type: ignore[arg-type]

    def pictures(counts: Sequence[Sequence[int]]) -> list[tuple[str, str]]:
        """All on the axis of the highest one."""
        most = max((max(each) for each in counts), default=0) or 1
        drawn = zip(years, counts, strict=True)
        return [(year.edition.name, bars(each, most)) for year, each in drawn]

    return [
        table(
            _("Participation"),
            {_("Équipes"): lambda y: y.teams, _("Étudiants"): lambda y: y.students},
        ),
        table(
            _("Rendus, minute par minute"),
            {_span(m): partial(_received, m) for m in range(BEFORE, -AFTER, -STEP)},
            _("Chaque version reçue de ce qui est à rendre à l’heure limite de l’édition."),
            pictures=pictures(minutes),
            without=_("Aucun rendu pendant ces heures."),
            width=BEFORE + AFTER,
            mark=BEFORE,
            axis=(_("2 h avant l’heure limite"), _("30 min après")),
        ),
        table(
            _("Ponctualité"),
            {str(mark.label): partial(_marked, mark) for mark in Punctuality}
            | {_("équipes sans dépôt"): lambda y: y.without_deposit},
            _(
                "Les dépôts qui comptent, d’après le dernier scellé, délais accordés compris. "
                "Ce qui est arrivé après n’y est pas."
            ),
        ),
        table(
            _("Notes des équipes, sur 20"),
            {
                _("la plus basse"): lambda y: quantile(y.marks, 0),
                _("un quart des équipes jusqu’à"): lambda y: quantile(y.marks, 0.25),
                _("la moitié des équipes jusqu’à"): lambda y: quantile(y.marks, 0.5),
                _("trois quarts des équipes jusqu’à"): lambda y: quantile(y.marks, 0.75),
                _("la plus haute"): lambda y: quantile(y.marks, 1),
            },
            _("Moyennes brutes des fiches terminées, une fois les résultats publiés : pas avant."),
            pictures=pictures(points),
            without=_("Pas de notes publiées."),
            width=OUT_OF,
            axis=("0", str(OUT_OF)),
        ),
        table(
            _("Appels et questions"),
            {
                _("Appels"): lambda y: y.calls,
                _("attente d’un appel, médiane"): lambda y: _minutes(y.call_waits, 0.5),
                _("9 appels sur 10 en moins de"): lambda y: _minutes(y.call_waits, 0.9),
                _("Questions"): lambda y: y.questions,
                _("attente d’une réponse, médiane"): lambda y: _minutes(y.question_waits, 0.5),
                _("9 réponses sur 10 en moins de"): lambda y: _minutes(y.question_waits, 0.9),
            },
        ),
        table(
            _("Lectures des jurys"),
            {
                _("Jurés"): lambda y: y.jurors,
                _("Fiches terminées"): lambda y: y.readings,
                _("Fiches par équipe"): lambda y: y.readings / y.teams if y.teams else None,
            },
        ),
    ]


def quantile(values: Sequence[float] | None, share: float) -> float | None:
    """The smallest of them that so many don't exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else None


def _minutes(waits: Sequence[float], share: float) -> timedelta | None:
    wait = quantile(waits, share)
    return None if wait is None else timedelta(minutes=wait)


def _cells(years: Sequence[Year], measure: Callable[[Year], Value]) -> list[Cell]:
    values = [measure(year) for year in years]
    numbers = [v.total_seconds() if isinstance(v, timedelta) else v or 0 for v in values]
    most = max(numbers, default=0) or 1
    return [
        Cell(year.edition.name, value, round(number * 100 / most))
        for year, value, number in zip(years, values, numbers, strict=True)
    ]


def _by_point(marks: Sequence[float]) -> list[int]:
    points = [min(int(mark), OUT_OF - 1) for mark in marks]
    return [points.count(point) for point in range(OUT_OF)]


def _received(first: int, year: Year) -> int:
    return sum(year.minutes_left[minute] for minute in range(first, first - STEP, -1))


def _marked(mark: Punctuality, year: Year) -> int | None:
    return year.marked[mark.value] if year.marked else None


def _span(first: int) -> str:
    if first <= 0:
        return _("de {begin} à {end} min après").format(begin=-first, end=STEP - first)
    return _("de {begin} à {end} min avant").format(begin=first, end=first - STEP)
