"""From marks to a ranking. Pure: numbers in, numbers out; no database, no names, no clock.

Marks make one total per sheet, and a *method* makes one estimate per team of the totals. The
default is the **moyenne harmonisée** (péréquation), an additive model of the totals:

    total = team + juror + error

Teams are free; a juror's correction is shrunk towards 0, as if jurors differed as much as errors
do, so that a juror with two teams moves little:

    m_t = mean over jurors of (y_tj - b_j)
    b_j = sum over teams of (y_tj - m_t) / (n_j + 1)

This is the best linear unbiased prediction with random jurors and fixed teams (C. R. Henderson,
"Best linear unbiased estimation and prediction under a selection model", Biometrics 31, 1975).
Eliminating the teams leaves one symmetric linear system in the jurors, which is solved outright:
what the two lines above converge to. On a full grid all teams get the same correction, so the order
is that of the plain means. A higher mark raises its team at least as much as any other: the system
is that of an electric network in which each sheet is a wire of resistance 1 and each juror is
grounded through another; the mark is a source at the team, and no point's tension rises above the
source's.

How likely an order is right comes from `judging.ranking.noise`. Teams that no chain of common
jurors links
are in different *components*, and are not compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from judging.ranking.grid import METHODS, Estimate, Floats, Grid, components
from judging.ranking.noise import Noise, measure, normal_cdf

OUT_OF = 20
SEPARATION = 0.80
SPREAD = 1.959964  # standard errors on either side of a 95 % interval
SAME = 1e-9  # differences below this share of the range are rounding

type Key = Any  # whatever the caller knows things by
type Number = int | float | Decimal | Fraction


@dataclass(frozen=True)
class Scale:
    """What a criterion's marks mean: from 0 to `top`, counting `weight` times."""

    weight: Number
    top: Number


@dataclass(frozen=True)
class Sheet:
    """One juror's marks for one team, by criterion. What is not in `marks` was not marked."""

    juror: Key
    team: Key
    marks: Mapping[Key, Number]


@dataclass(frozen=True)
class Total:
    """A sheet's weighted mean."""

    juror: Key
    team: Key
    value: Number


@dataclass(frozen=True)
class Standing:
    """A team's line, in the unit of the totals.

    `rank` counts within the component (1, 1, 3: equal estimates are equal). `mean` is the plain
    mean of the team's `sheets` totals. `low` to `high` holds the team's level, as against the mean
    of its component, in 95 %.
    """

    team: Key
    component: int
    rank: int
    estimate: float
    low: float
    high: float
    mean: float
    sheets: int
    mean_rank: int

    @property
    def correction(self) -> float:
        """What was added to the plain mean: positive if the team's jurors are strict."""
        return self.estimate - self.mean

    @property
    def margin(self) -> float:
        """Half the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Severity:
    """How far a juror's totals are above (+) or below (-) colleagues' on the same teams."""

    juror: Key
    severity: float
    se: float
    sheets: int


@dataclass(frozen=True)
class Ranking:
    """Who stands where, best first, component by component (the largest first).

    `groups`: each leader and those after it that cannot be told from it. `not_ranked` have no
    sheet.
    """

    standings: list[Standing]
    groups: list[list[Key]]
    jurors: list[Severity]
    components: int
    not_ranked: list[Key]
    noise: Noise
    _orders: list["Order"]

    def probability(self, above: Key, below: Key) -> float | None:
        """That `above` is truly the better of the two; None if they are not comparable."""
        for order in self._orders:
            if above in order.index and below in order.index:
                i, j = order.index[above], order.index[below]
                return float(order.probabilities(np.array([i]))[0, j])
        return None

    def pairs(self) -> Iterable[tuple[Key, Key, float]]:
        """Each comparable pair, the one with the higher estimate first, with its probability."""
        for order in self._orders:
            matrix = order.probabilities(np.arange(len(order.teams)))
            for i, above in enumerate(order.teams):
                for below, p in zip(order.teams[i + 1 :], matrix[i, i + 1 :].tolist(), strict=True):
                    yield above, below, p


@dataclass(frozen=True)
class Order:
    """The teams of a component, best first, and what is needed to compare them."""

    teams: list[Key]
    values: Floats
    errors: Floats  # (2, teams, teams): error covariances per unit of sheet and of juror variance
    noise: Noise

    @cached_property
    def index(self) -> dict[Key, int]:
        """Where each team stands."""
        return {team: i for i, team in enumerate(self.teams)}

    def probabilities(self, rows: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        """For these teams (by index) and every other: that the one is truly above the other."""
        diagonals = np.diagonal(self.errors, axis1=1, axis2=2)
        spread = diagonals[:, rows, None] + diagonals[:, None, :] - 2 * self.errors[:, rows, :]
        distance = self.values[rows, None] - self.values[None, :]
        return self.noise.order_probability(distance, np.maximum(spread, 0))


def total(sheet: Sheet, scales: Mapping[Key, Scale], out_of: Number = OUT_OF) -> Fraction | None:
    """The weighted mean of what is marked, out of `out_of`; None if nothing is.

    A criterion without a mark is left out with its weight: it is missing, not zero.
    """
    weight = sum((Fraction(scales[criterion].weight) for criterion in sheet.marks), Fraction(0))
    if weight == 0:
        return None
    points = sum(
        (
            Fraction(scales[criterion].weight) * Fraction(value) / Fraction(scales[criterion].top)
            for criterion, value in sheet.marks.items()
        ),
        Fraction(0),
    )
    return Fraction(out_of) * points / weight


def totals(sheets: Iterable[Sheet], scales: Mapping[Key, Scale]) -> list[Total]:
    """The total of every sheet that has a mark."""
    return [
        Total(sheet.juror, sheet.team, value)
        for sheet in sheets
        if (value := total(sheet, scales)) is not None
    ]


def rank(
    sheets: Sequence[Total],
    *,
    teams: Iterable[Key] = (),
    method: str = "harmonised",
    separation: float = SEPARATION,
    noise: Noise | None = None,
) -> Ranking:
    """Rank by these totals; `teams` without one are `not_ranked`.

    `noise` pools what several juries of an event say of errors (`noise_of`); without it these
    sheets speak for themselves. Raises KeyError for an unknown method, ValueError if a juror has
    two totals for one team.
    """
    grids = components(sheets)
    noise = noise or measure(grids)
    estimate = METHODS[method]
    standings: list[Standing] = []
    groups: list[list[Key]] = []
    jurors: list[Severity] = []
    orders = []
    for number, grid in enumerate(grids):
        found = estimate(grid)
        best_first = np.argsort(-found.values, kind="stable")
        order = Order(
            [grid.teams[i] for i in best_first],
            found.values[best_first],
            found.errors[:, best_first][:, :, best_first],
            noise,
        )
        orders.append(order)
        standings += _standings(number, grid, found, best_first, noise)
        groups += _groups(order, separation)
        jurors += _severities(grid, found, noise)
    ranked = {standing.team for standing in standings}
    return Ranking(
        standings=standings,
        groups=groups,
        jurors=jurors,
        components=len(grids),
        not_ranked=[team for team in teams if team not in ranked],
        noise=noise,
        _orders=orders,
    )


def noise_of(juries: Iterable[Sequence[Total]]) -> Noise:
    """What several juries, marked in the same unit, say together of jurors and errors."""
    return measure([grid for sheets in juries for grid in components(sheets)])


def competition_ranks[K](values: Mapping[K, Any], *, same: float = 0) -> dict[K, int]:
    """Ranks of keys by value, smallest first: equal values share a rank, as in 1, 1, 3.

    Values that are at most `same` above the one before are equal to it.
    """
    ordered = sorted(values.items(), key=lambda item: item[1])
    ranks: dict[K, int] = {}
    place, before = 0, None
    for index, (key, value) in enumerate(ordered, start=1):
        if before is None or value - before > same:
            place = index
        ranks[key] = place
        before = value
    return ranks


def _standings(
    number: int, grid: Grid, found: Estimate, best_first: Any, noise: Noise
) -> list[Standing]:
    same = SAME * max(1e-12, float(np.ptp(grid.values)))
    ranks = competition_ranks(dict(enumerate(-found.values)), same=same)
    mean_ranks = competition_ranks(dict(enumerate(-grid.means)), same=same)
    # A team's level counts against its component's mean: what all share ranks nobody.
    shared = found.errors.mean(axis=1)
    own = np.diagonal(found.errors, axis1=1, axis2=2)
    margins = SPREAD * noise.standard_error(own - 2 * shared + shared.mean(axis=1, keepdims=True))
    return [
        Standing(
            team=grid.teams[i],
            component=number,
            rank=ranks[i],
            estimate=float(found.values[i]),
            low=float(found.values[i] - margins[i]),
            high=float(found.values[i] + margins[i]),
            mean=float(grid.means[i]),
            sheets=int(grid.team_counts[i]),
            mean_rank=mean_ranks[i],
        )
        for i in best_first
    ]


def _groups(order: Order, separation: float) -> list[list[Key]]:
    """Down the order, each leader with those after it until one is separated from it.

    Groups hang on their leader and form no chains; the first who is separated leads the next.
    """
    groups: list[list[Key]] = []
    p: Floats | None = None
    for i, team in enumerate(order.teams):
        if p is None or p[i] >= separation:
            p = order.probabilities(np.array([i]))[0]
            groups.append([])
        groups[-1].append(team)
    return groups


def _severities(grid: Grid, found: Estimate, noise: Noise) -> list[Severity]:
    errors = noise.standard_error(found.juror_errors)
    return [
        Severity(juror, float(found.jurors[i]), float(errors[i]), int(grid.juror_counts[i]))
        for i, juror in enumerate(grid.jurors)
    ]


__all__ = [
    "METHODS",
    "OUT_OF",
    "Noise",
    "Ranking",
    "Scale",
    "Severity",
    "Sheet",
    "Standing",
    "Total",
    "competition_ranks",
    "noise_of",
    "normal_cdf",
    "rank",
    "total",
    "totals",
]
