"""From totals to a ranking. The model: docs/decisions/0026-ranking-model.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from judging.ranking.grid import METHODS, Estimate, Floats, Grid, components
from judging.ranking.noise import Noise, posterior
from judging.scales import OUT_OF

SEPARATION = 0.80
Z_95 = 1.959964  # standard errors on either side of a 95 % interval (normal distribution)
ROUNDING = 1e-9  # smaller differences, as a share of the range of totals, count as none

type Key = Any  # of a team, juror or criterion: anything hashable
type Number = int | float | Decimal | Fraction


@dataclass(frozen=True)
class Weighting:
    """Marks go from 0 to `top` and count `weight` times."""

    weight: Number
    top: Number


@dataclass(frozen=True)
class Sheet:
    """A criterion that is not in `marks` was not marked."""

    juror: Key
    team: Key
    marks: Mapping[Key, Number]


@dataclass(frozen=True)
class Total:
    juror: Key
    team: Key
    value: Number


@dataclass(frozen=True)
class Standing:
    """Ranks count within the component: 1, 1, 3. `mean` and `mean_rank` are without corrections.

    `low` to `high` is a 95 % interval of the value relative to the mean of the component.
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
    def margin(self) -> float:
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Severity:
    """How far totals are above (+) or below (-) those of colleagues. `se` is its standard error."""

    juror: Key
    severity: float
    se: float
    sheets: int


@dataclass(frozen=True)
class ComponentOrder:
    """Best first. `covariance` has the layers of `Estimate`."""

    teams: list[Key]
    values: Floats
    covariance: Floats
    noise: Noise

    @cached_property
    def index(self) -> dict[Key, int]:
        return {team: i for i, team in enumerate(self.teams)}

    def probabilities(self, rows: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        """That the teams with these indices are truly above each team (columns).

        The error variance of a difference is v_ii + v_jj - 2 v_ij.
        """
        variances = np.diagonal(self.covariance, axis1=1, axis2=2)
        layers = variances[:, rows, None] + variances[:, None, :] - 2 * self.covariance[:, rows, :]
        differences = self.values[rows, None] - self.values[None, :]
        return self.noise.order_probability(differences, np.maximum(layers, 0))


@dataclass(frozen=True)
class Ranking:
    """Best first, component by component (the largest first).

    `groups`: each leader with the teams ex aequo with it. `not_ranked`: teams without a sheet.
    """

    standings: list[Standing]
    groups: list[list[Key]]
    jurors: list[Severity]
    components: int
    not_ranked: list[Key]
    noise: Noise
    orders: list[ComponentOrder]

    def probability(self, above: Key, below: Key) -> float | None:
        """None if the two teams are not comparable."""
        for order in self.orders:
            if above in order.index and below in order.index:
                i, j = order.index[above], order.index[below]
                return float(order.probabilities(np.array([i]))[0, j])
        return None

    def pairs(self) -> Iterable[tuple[Key, Key, float]]:
        """Comparable teams, the higher estimate first, and the probability of that order."""
        for order in self.orders:
            matrix = order.probabilities(np.arange(len(order.teams)))
            for i, above in enumerate(order.teams):
                for below, p in zip(order.teams[i + 1 :], matrix[i, i + 1 :].tolist(), strict=True):
                    yield above, below, p


def total(
    marks: Mapping[Key, Number],
    weightings: Mapping[Key, Weighting],
    *,
    out_of: int = OUT_OF,
    number: type[Fraction | float] = Fraction,
) -> Any:
    """Out of `out_of`; None without any mark. A missing mark is not a zero.

    `number=float` is about ten times as fast as exact fractions.
    """
    weight: Any = number(0)
    points: Any = number(0)
    for criterion, value in marks.items():
        weighting = weightings[criterion]
        weight += number(weighting.weight)
        points += number(weighting.weight) * number(value) / number(weighting.top)
    return out_of * points / weight if weight else None


def totals(
    sheets: Iterable[Sheet],
    weightings: Mapping[Key, Weighting],
    *,
    number: type[Fraction | float] = Fraction,
) -> list[Total]:
    return [
        Total(sheet.juror, sheet.team, value)
        for sheet in sheets
        if (value := total(sheet.marks, weightings, number=number)) is not None
    ]


def rank(
    sheets: Sequence[Total],
    *,
    teams: Iterable[Key] = (),
    method: str = "harmonised",
    separation: float = SEPARATION,
    noise: Noise | None = None,
) -> Ranking:
    """Two teams are ex aequo while the probability of their order is below `separation`.

    `noise` is by default the posterior of these sheets alone. Raises KeyError for an unknown
    method, ValueError if a juror has two totals for a team.
    """
    grids = components(sheets)
    # The site gives the noise of all juries: the marks of one say little about it.
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
    """All juries must use the same unit."""
    return posterior([grid for sheets in juries for grid in components(sheets)])


def competition_ranks[K](values: Mapping[K, Any], *, tolerance: float = 0) -> dict[K, int]:
    """Smallest first, as in 1, 1, 3. Values within `tolerance` of the one before are equal."""
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
    mean_ranks = competition_ranks(dict(enumerate(-grid.team_means)), tolerance=tolerance)
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
            mean=float(grid.team_means[i]),
            sheets=int(grid.team_counts[i]),
            mean_rank=mean_ranks[i],
        )
        for i in best_first
    ]


def _groups(order: ComponentOrder, separation: float) -> list[list[Key]]:
    """Only the leader of a group is compared: « ex æquo » is not passed on from team to team."""
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
