"""From marks to a ranking. Pure: numbers in, numbers out; no database, no names, no clock.

Marks are turned into one total per sheet, out of 20, and a *method* turns the totals into one
estimate per team. Methods are looked up in `METHODS`: that is the seam for others.

Arithmetic is exact (`Fraction`), so that teams whose means are equal are equal, and the order in
which sheets come in cannot decide between them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

OUT_OF = 20

type Key = Any  # whatever the caller knows things by
type Number = int | Decimal | Fraction


@dataclass(frozen=True)
class Scale:
    """What a criterion's marks mean: from 0 to `top`, counting `weight` times."""

    weight: int
    top: int


@dataclass(frozen=True)
class Sheet:
    """One juror's marks for one team, by criterion. What is not in `marks` was not marked."""

    juror: Key
    team: Key
    marks: Mapping[Key, Number]


@dataclass(frozen=True)
class Total:
    """A sheet's weighted mean, out of 20."""

    juror: Key
    team: Key
    value: Fraction


@dataclass(frozen=True)
class Standing:
    """A team's line. Equal estimates have equal ranks, and the next rank leaves places free."""

    team: Key
    rank: int
    estimate: Fraction
    sheets: int
    is_tied: bool


@dataclass(frozen=True)
class Ranking:
    """Who stands where, best first, and who has no sheet to be ranked by."""

    standings: list[Standing]
    not_ranked: list[Key]


Method = Callable[[Sequence[Total]], dict[Key, Fraction]]


def total(sheet: Sheet, scales: Mapping[Key, Scale]) -> Fraction | None:
    """The weighted mean of what is marked, out of 20; None if nothing is.

    A criterion without a mark is left out with its weight: it is missing, not zero.
    """
    weight = sum(scales[criterion].weight for criterion in sheet.marks)
    if weight == 0:
        return None
    points = sum(
        (
            scales[criterion].weight * Fraction(value) / scales[criterion].top
            for criterion, value in sheet.marks.items()
        ),
        Fraction(0),
    )
    return OUT_OF * points / weight


def mean(totals: Sequence[Total]) -> dict[Key, Fraction]:
    """Each team's plain mean over its sheets."""
    by_team: dict[Key, list[Fraction]] = defaultdict(list)
    for one in totals:
        by_team[one.team].append(one.value)
    return {team: sum(values, Fraction(0)) / len(values) for team, values in by_team.items()}


METHODS: dict[str, Method] = {"mean": mean}


def rank(
    teams: Iterable[Key],
    scales: Mapping[Key, Scale],
    sheets: Iterable[Sheet],
    *,
    method: str = "mean",
) -> Ranking:
    """Rank `teams` by `sheets` (final ones: the caller chooses).

    Teams that are tied come in the order in which `teams` lists them.
    """
    totals = [
        Total(sheet.juror, sheet.team, value)
        for sheet in sheets
        if (value := total(sheet, scales)) is not None
    ]
    estimates = METHODS[method](totals)
    counts: dict[Key, int] = defaultdict(int)
    for one in totals:
        counts[one.team] += 1
    teams = list(teams)
    ranks = competition_ranks({team: -estimates[team] for team in teams if team in estimates})
    places = list(ranks.values())
    standings = [
        Standing(team, ranks[team], estimates[team], counts[team], places.count(ranks[team]) > 1)
        for team in teams
        if team in ranks
    ]
    return Ranking(
        standings=sorted(standings, key=lambda standing: standing.rank),
        not_ranked=[team for team in teams if team not in ranks],
    )


def competition_ranks[K](values: Mapping[K, Number]) -> dict[K, int]:
    """Ranks of keys by value, smallest first: equal values share a rank, as in 1, 1, 3."""
    ordered = sorted(values.values())
    first: dict[Number, int] = {}
    for index, value in enumerate(ordered, start=1):
        first.setdefault(value, index)
    return {key: first[value] for key, value in values.items()}
