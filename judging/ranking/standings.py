"""From marks to a ranking. Pure functions: no database, no clock, keys instead of names.

The marks of a sheet make one total, and a *method* (`grid.METHODS`) makes one value per team out of
the totals. The default method, on screen « moyenne harmonisée », fits an additive two-way model

    total = team + juror + residual

with fixed team effects m and juror effects b that are shrunk towards 0 by a ridge penalty of weight
1. The penalty amounts to random juror effects with the same variance as the residuals; the juror
effects are then their best linear unbiased predictions (C. R. Henderson, "Best linear unbiased
estimation and prediction under a selection model", Biometrics 31, 1975). The normal equations are

    m_t = mean over the jurors of t of (y_tj - b_j)
    b_j = sum over the teams of j of (y_tj - m_t) / (number of teams of j + 1)

so a juror with few teams is corrected little. Eliminating the teams leaves one symmetric linear
system in the jurors, which is solved directly. If every juror marks every team, all teams get the
same correction and the order is that of the plain means.

A higher mark never costs its team a place. The normal equations are those of a network of equal
resistors, one for each sheet between its team and its juror and one from each juror to ground; a
mark is a current that enters at its team and leaves at its juror, and no node's potential rises
more than that of the node where current enters.

`judging.ranking.noise` computes how probable an order is. Teams that no chain of common jurors
links are in different *components* and are not compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from judging.ranking.grid import METHODS, Estimate, Floats, Grid, components
from judging.ranking.noise import Noise, posterior

OUT_OF = 20
SEPARATION = 0.80
Z_95 = 1.959964  # standard errors on either side of a 95 % interval (normal distribution)
ROUNDING = 1e-9  # smaller differences, as a share of the range of totals, count as none

type Key = Any  # of a team, juror or criterion: anything hashable
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
    """A team's line of the ranking, in the unit of the totals.

    `rank` and `mean_rank` (by plain means) count within the component; equal values share a rank
    and leave the next ones free (1, 1, 3). `low` to `high` is a 95 % interval of the team's value
    relative to the mean of its component.
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
        """Positive if the team's jurors are severe."""
        return self.estimate - self.mean

    @property
    def margin(self) -> float:
        """Half the width of the 95 % interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Severity:
    """A juror's effect: how far the totals are above (+) or below (-) those of colleagues on the
    same teams. `se` is its standard error.
    """

    juror: Key
    severity: float
    se: float
    sheets: int


@dataclass(frozen=True)
class ComponentOrder:
    """The teams of a component, best first. `covariance` has the layers of `Estimate`."""

    teams: list[Key]
    values: Floats
    covariance: Floats
    noise: Noise

    @cached_property
    def index(self) -> dict[Key, int]:
        return {team: i for i, team in enumerate(self.teams)}

    def probabilities(self, rows: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        """For the teams with these indices, against every team: that the former is truly above.

        The error variance of a difference is v_ii + v_jj - 2 v_ij.
        """
        variances = np.diagonal(self.covariance, axis1=1, axis2=2)
        layers = variances[:, rows, None] + variances[:, None, :] - 2 * self.covariance[:, rows, :]
        differences = self.values[rows, None] - self.values[None, :]
        return self.noise.order_probability(differences, np.maximum(layers, 0))


@dataclass(frozen=True)
class Ranking:
    """Standings best first, component by component (the largest first).

    `groups`: each leader followed by the teams ex aequo with it. `not_ranked`: teams without a
    sheet.
    """

    standings: list[Standing]
    groups: list[list[Key]]
    jurors: list[Severity]
    components: int
    not_ranked: list[Key]
    noise: Noise
    orders: list[ComponentOrder]

    def probability(self, above: Key, below: Key) -> float | None:
        """That `above` is truly the better of the two; None if they are not comparable."""
        for order in self.orders:
            if above in order.index and below in order.index:
                i, j = order.index[above], order.index[below]
                return float(order.probabilities(np.array([i]))[0, j])
        return None

    def pairs(self) -> Iterable[tuple[Key, Key, float]]:
        """Each comparable pair, the higher estimate first, with the probability of that order."""
        for order in self.orders:
            matrix = order.probabilities(np.arange(len(order.teams)))
            for i, above in enumerate(order.teams):
                for below, p in zip(order.teams[i + 1 :], matrix[i, i + 1 :].tolist(), strict=True):
                    yield above, below, p


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
    """Rank by these totals; of `teams`, those without one are `not_ranked`.

    Two teams are ex aequo while the probability of their order is below `separation`. `noise` is
    the posterior to use (`pooled_noise` of several juries); by default that of these sheets alone.
    Raises KeyError for an unknown method, ValueError if a juror has two totals for one team.
    """
    grids = components(sheets)
    noise = noise or posterior(grids)
    standings: list[Standing] = []
    groups: list[list[Key]] = []
    jurors: list[Severity] = []
    orders = []
    for number, grid in enumerate(grids):
        estimate = METHODS[method](grid)
        best_first = np.argsort(-estimate.team_values, kind="stable")
        order = ComponentOrder(
            [grid.teams[i] for i in best_first],
            estimate.team_values[best_first],
            estimate.team_covariance[:, best_first][:, :, best_first],
            noise,
        )
        orders.append(order)
        standings += _standings(number, grid, estimate, best_first, noise)
        groups += _groups(order, separation)
        jurors += _severities(grid, estimate, noise)
    ranked = {standing.team for standing in standings}
    return Ranking(
        standings=standings,
        groups=groups,
        jurors=jurors,
        components=len(grids),
        not_ranked=[team for team in teams if team not in ranked],
        noise=noise,
        orders=orders,
    )


def pooled_noise(juries: Iterable[Sequence[Total]]) -> Noise:
    """The posterior from several juries together, which must use the same unit."""
    return posterior([grid for sheets in juries for grid in components(sheets)])


def competition_ranks[K](values: Mapping[K, Any], *, tolerance: float = 0) -> dict[K, int]:
    """Ranks of keys by value, smallest first; equal values share a rank, as in 1, 1, 3.

    Values that are at most `tolerance` above the one before are equal to it.
    """
    ordered = sorted(values.items(), key=lambda item: item[1])
    ranks: dict[K, int] = {}
    place, before = 0, None
    for index, (key, value) in enumerate(ordered, start=1):
        if before is None or value - before > tolerance:
            place = index
        ranks[key] = place
        before = value
    return ranks


def _standings(
    number: int, grid: Grid, estimate: Estimate, best_first: Any, noise: Noise
) -> list[Standing]:
    tolerance = ROUNDING * max(1e-12, float(np.ptp(grid.values)))
    ranks = competition_ranks(dict(enumerate(-estimate.team_values)), tolerance=tolerance)
    mean_ranks = competition_ranks(dict(enumerate(-grid.means)), tolerance=tolerance)
    # The variance of v_i - mean(v): an error that all teams share does not change the order.
    shared = estimate.team_covariance.mean(axis=1)
    own = np.diagonal(estimate.team_covariance, axis1=1, axis2=2)
    margins = Z_95 * noise.standard_error(own - 2 * shared + shared.mean(axis=1, keepdims=True))
    return [
        Standing(
            team=grid.teams[i],
            component=number,
            rank=ranks[i],
            estimate=float(estimate.team_values[i]),
            low=float(estimate.team_values[i] - margins[i]),
            high=float(estimate.team_values[i] + margins[i]),
            mean=float(grid.means[i]),
            sheets=int(grid.team_counts[i]),
            mean_rank=mean_ranks[i],
        )
        for i in best_first
    ]


def _groups(order: ComponentOrder, separation: float) -> list[list[Key]]:
    """Each leader with the teams after it until one is separated from it, which leads the next
    group. Only the leader counts: « ex æquo » is not passed on from team to team.
    """
    groups: list[list[Key]] = []
    p: Floats | None = None
    for i, team in enumerate(order.teams):
        if p is None or p[i] >= separation:
            p = order.probabilities(np.array([i]))[0]
            groups.append([])
        groups[-1].append(team)
    return groups


def _severities(grid: Grid, estimate: Estimate, noise: Noise) -> list[Severity]:
    errors = noise.standard_error(estimate.severity_variances)
    return [
        Severity(juror, float(estimate.severities[i]), float(errors[i]), int(grid.juror_counts[i]))
        for i, juror in enumerate(grid.jurors)
    ]
