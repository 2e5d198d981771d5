"""Editions side by side: a table per topic, its numbers as bars, and pictures on the same axes."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from hackathon.day.control_room.plot import bars
from hackathon.extras.years.selectors import Year
from judging.scales import OUT_OF
from submissions.enums import Punctuality

BEFORE, AFTER, STEP = 120, 30, 15  # minutes around the deadline, and those of a line of the table

type Measure = Callable[[Year], float | None]
type Table = dict[str, Any]


def tables(years: Sequence[Year]) -> list[Table]:
    """Each with its `lines`: label, highest value, and the value of each edition by its name."""

    def table(title: str, measures: dict[str, Measure], **more: Any) -> Table:
        lines = []
        for label, measure in measures.items():
            exact = [(year.title, measure(year)) for year in years]
            values = [(name, value and round(value, 2)) for name, value in exact]
            lines.append((label, max((v for _name, v in values if v), default=1), values))
        return {"title": title, "lines": lines, **more}

    def pictures(counts: Callable[[Year], list[int]]) -> list[tuple[str, str]]:
        """All on the axis of the highest one."""
        most = max((max(counts(year)) for year in years), default=0) or 1
        return [(year.title, bars(counts(year), most)) for year in years]

    return [
        table(
            _("Participation"),
            {
                _("Équipes"): lambda y: y.teams,
                _("Étudiants"): lambda y: y.students,
                _("Jurés"): lambda y: y.jurors,
                _("Fiches des jurys, terminées"): lambda y: y.readings,
            },
        ),
        table(
            _("Rendus, minute par minute"),
            {_span(m): partial(_received, m) for m in range(BEFORE, -AFTER, -STEP)},
            note=_("Chaque version reçue de ce qui est à rendre à l’heure limite de l’édition."),
            pictures=pictures(lambda y: [y.minutes_left[m] for m in range(BEFORE, -AFTER, -1)]),
            without=_("Aucun rendu pendant ces heures."),
            width=BEFORE + AFTER,
            mark=BEFORE,
            axis=(_("2 h avant l’heure limite"), _("30 min après")),
        ),
        table(
            _("Ponctualité"),
            {
                **{str(mark.label): partial(_marked, mark) for mark in Punctuality},
                _("équipes sans dépôt"): lambda y: y.teams - y.with_deposit if y.marked else None,
            },
            note=_(
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
            note=_("Moyennes brutes des fiches terminées. Secrètes avant les résultats."),
            pictures=pictures(_by_point),
            without=_("Pas de notes publiées."),
            width=OUT_OF,
            axis=(0, OUT_OF),
        ),
        table(
            _("Appels et questions, attentes en minutes"),
            {
                _("Appels"): lambda y: y.calls,
                _("attente d’un appel, médiane"): lambda y: quantile(y.call_waits, 0.5),
                _("9 appels sur 10 en moins de"): lambda y: quantile(y.call_waits, 0.9),
                _("Questions"): lambda y: y.questions,
                _("attente d’une réponse, médiane"): lambda y: quantile(y.question_waits, 0.5),
                _("9 réponses sur 10 en moins de"): lambda y: quantile(y.question_waits, 0.9),
            },
        ),
    ]


def quantile(values: Sequence[float] | None, share: float) -> float | None:
    """The smallest of them that so many don't exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else None


def _by_point(year: Year) -> list[int]:
    points = [min(int(mark), OUT_OF - 1) for mark in year.marks or []]
    return [points.count(point) for point in range(OUT_OF)]


def _received(first: int, year: Year) -> int:
    return sum(year.minutes_left[minute] for minute in range(first, first - STEP, -1))


def _marked(mark: Punctuality, year: Year) -> int | None:
    return year.marked[mark.value] if year.marked else None


def _span(first: int) -> str:
    if first <= 0:
        return _("de {begin} à {end} min après").format(begin=-first, end=STEP - first)
    return _("de {begin} à {end} min avant").format(begin=first, end=first - STEP)
