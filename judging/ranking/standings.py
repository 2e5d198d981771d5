"""From totals to a ranking. The model: docs/decisions/0026-ranking-model.md."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from judging.ranking.grid import METHODS, Estimate, Floats, Grid, components
from judging.ranking.noise import Noise, posterior
from judging.scales import OUT_OF

MODEL = 2  # increases when the same marks may give another ranking
SEPARATION = 0.80
Z_95 = 1.959964  # standard errors on either side of a 95 % interval (normal distribution)
# Of all results: the last bits of a sum depend on the order of the sheets.
DECIMALS = 9

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
    """Best first. `sheets` are counts. `covariance` has the layers of `Estimate`."""

    teams: list[Key]
    sheets: list[int]
    values: Floats
    covariance: Floats
    noise: Noise

    @cached_property
    def index(self) -> dict[Key, int]:
        return {team: i for i, team in enumerate(self.teams)}

    def probabilities(self, rows: slice, columns: slice = slice(None)) -> Floats:
        """That the teams with these indices are truly above the others (columns).

        The error variance of a difference is v_ii + v_jj - 2 v_ij.
        """
        own = np.diagonal(self.covariance, axis1=1, axis2=2)
        shared = self.covariance[:, rows, columns]
        layers = own[:, rows, None] + own[:, None, columns] - 2 * shared
        differences = self.values[rows, None] - self.values[None, columns]
        probabilities = self.noise.order_probability(differences, np.maximum(layers, 0))
        return np.round(probabilities, DECIMALS)

    @cached_property
    def reliability(self) -> float | None:
        """Separation reliability: the share of the variance of the values that is not error. None
        for a single team. Over pairs, half the mean square difference is the sample variance.

        B. D. Wright, G. N. Masters, "Rating Scale Analysis", 1982, section 5.2.
        """
        n = len(self.teams)
        if n < 2:
            return None
        traces = np.trace(self.covariance, axis1=1, axis2=2)
        halves = (traces - self.covariance.sum(axis=(1, 2)) / n) / (n - 1)
        error = float(self.noise.standard_error(halves[:, None])[0]) ** 2
        observed = float(np.var(self.values, ddof=1))
        return round(max(0.0, 1 - error / observed), DECIMALS) if observed > 0 else 0.0


@dataclass(frozen=True)
class Ranking:
    """Best first, component by component (the largest first).

    `groups`: teams ex aequo, see `groups_of`. `not_ranked`: teams without a sheet.
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
                return float(order.probabilities(slice(i, i + 1))[0, j])
        return None

    def pairs(self) -> Iterable[tuple[Key, Key, float]]:
        """Comparable teams, the higher estimate first, and the probability of that order."""
        for order in self.orders:
            matrix = order.probabilities(slice(None))
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

    Teams with equal values stand in the order of `teams`. `noise` is by default the posterior of
    these sheets alone. Raises KeyError for an unknown method, ValueError if a juror has two totals
    for a team.
    """
    turn = {team: n for n, team in enumerate(teams)}
    # Components of one size stand in the order of `teams`, whatever the order of the sheets.
    grids = sorted(
        components(sheets), key=lambda grid: (-len(grid.teams), min(_turns(grid.teams, turn)))
    )
    # The site gives the noise of all juries: the marks of one say little about it.
    noise = noise or posterior(grids)
    standings: list[Standing] = []
    groups: list[list[Key]] = []
    jurors: list[Severity] = []
    orders = []
    for number, grid in enumerate(grids):
        estimate = METHODS[method](grid)
        order = component_order(grid, estimate, noise, turn)
        orders.append(order)
        standings += _standings(number, grid, estimate, order)
        groups += groups_of(order, separation)
        jurors += _severities(grid, estimate, noise)
    ranked = {standing.team for standing in standings}
    return Ranking(
        standings=standings,
        groups=groups,
        jurors=jurors,
        components=len(grids),
        not_ranked=[team for team in turn if team not in ranked],
        noise=noise,
        orders=orders,
    )


def pooled_noise(juries: Iterable[Sequence[Total]]) -> Noise:
    """All juries must use the same unit."""
    return posterior([grid for sheets in juries for grid in components(sheets)])


def component_order(
    grid: Grid, estimate: Estimate, noise: Noise, turn: Mapping[Key, int]
) -> ComponentOrder:
    """`turn` orders equal values."""
    values = np.round(estimate.team_values, DECIMALS)
    best_first = np.lexsort((np.array(_turns(grid.teams, turn)), -values))
    return ComponentOrder(
        [grid.teams[i] for i in best_first],
        grid.team_counts[best_first].tolist(),
        values[best_first],
        estimate.team_covariance[:, best_first][:, :, best_first],
        noise,
    )


def _turns(teams: Iterable[Key], turn: Mapping[Key, int]) -> list[int]:
    return [turn.get(team, len(turn)) for team in teams]


def groups_of(order: ComponentOrder, separation: float) -> Iterator[list[Key]]:
    """No pair of a group is separated; of two groups that follow each other at least one pair is.

    A first team with a single sheet never stands alone: the next team joins it.
    """
    first, n = 0, len(order.teams)
    while first < n:
        # The run of teams that the first does not separate, then cut where another one does.
        separated = order.probabilities(slice(first, first + 1))[0] >= separation
        after = next((i for i in range(first + 1, n) if separated[i]), n)
        if after - first > 2:
            run = slice(first, after)
            pairs = np.triu(order.probabilities(run, run) >= separation, 1).any(axis=0)
            after = first + next((i for i, cut in enumerate(pairs) if cut), after - first)
        if first == 0 and order.sheets[0] == 1:
            after = min(max(after, 2), n)
        yield order.teams[first:after]
        first = after


def competition_ranks[K](values: Mapping[K, Any]) -> dict[K, int]:
    """Smallest first, as in 1, 1, 3."""
    ordered = sorted(values.items(), key=lambda item: item[1])
    ranks: dict[K, int] = {}
    place, before = 0, None
    for index, (key, value) in enumerate(ordered, start=1):
        if before is None or value > before:
            place = index
        ranks[key] = place
        before = value
    return ranks


def _standings(
    number: int, grid: Grid, estimate: Estimate, order: ComponentOrder
) -> list[Standing]:
    means = np.round(grid.team_means, DECIMALS)
    mean_ranks = competition_ranks(dict(zip(grid.teams, -means, strict=True)))
    ranks = competition_ranks(dict(zip(order.teams, -order.values, strict=True)))
    # The variance of v_i - mean(v): an error that all teams share does not change the order.
    shared = estimate.team_covariance.mean(axis=1)
    own = np.diagonal(estimate.team_covariance, axis1=1, axis2=2)
    margins = Z_95 * order.noise.standard_error(
        own - 2 * shared + shared.mean(axis=1, keepdims=True)
    )
    place = {team: i for i, team in enumerate(grid.teams)}
    return [
        Standing(
            team=team,
            component=number,
            rank=ranks[team],
            estimate=float(value),
            low=_rounded(value - margins[place[team]]),
            high=_rounded(value + margins[place[team]]),
            mean=float(means[place[team]]),
            sheets=sheets,
            mean_rank=mean_ranks[team],
        )
        for team, value, sheets in zip(order.teams, order.values, order.sheets, strict=True)
    ]


def _severities(grid: Grid, estimate: Estimate, noise: Noise) -> list[Severity]:
    errors = noise.standard_error(estimate.severity_variances)
    return [
        Severity(
            juror, _rounded(estimate.severities[i]), _rounded(errors[i]), int(grid.juror_counts[i])
        )
        for i, juror in enumerate(grid.jurors)
    ]


def _rounded(value: Any) -> float:
    return round(float(value), DECIMALS)
