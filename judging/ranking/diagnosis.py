"""What a president checks before deciding. Formulas: docs/decisions/0026-ranking-model.md."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from judging.ranking.grid import METHODS, Floats, Grid, adjusted_means, components
from judging.ranking.noise import Noise, normal_cdf
from judging.ranking.standings import Key, Severity, Total, component_order, groups_of

OUTLIER = 2.5  # standard deviations of a residual
RANGE_LEVEL = 0.95  # probability of a smaller range if the jurors agree
# A severity is flagged above both: standard errors, and points of 20.
FLAG_ERRORS = 2.0
FLAG_POINTS = 1.0
EARLY = 0.5  # share of the expected sheets below which severities mean little


@dataclass(frozen=True)
class JurorSeverity:
    juror: Key
    severity: float
    se: float
    sheets: int
    early: bool
    flagged: bool


@dataclass(frozen=True)
class Residual:
    """`corrected` is the total less the severity. `residual` is in the unit of the totals."""

    juror: Key
    team: Key
    value: float
    corrected: float
    residual: float
    standardised: float
    leverage: float


@dataclass(frozen=True)
class Disagreement:
    """A team whose corrected totals, `low` to `high`, have a range above `bound`."""

    team: Key
    low: float
    high: float
    bound: float
    sheets: int


@dataclass(frozen=True)
class Influence:
    """The teams that join or leave the leading group if a juror's sheets are left out."""

    juror: Key
    joins: list[Key]
    leaves: list[Key]


def flag_severities(
    severities: Iterable[Severity], *, done: int, expected: int
) -> list[JurorSeverity]:
    """`done` and `expected` are numbers of sheets of the whole jury."""
    early = done < EARLY * expected
    return [
        JurorSeverity(
            s.juror,
            s.severity,
            s.se,
            s.sheets,
            early=early,
            flagged=not early and abs(s.severity) > max(FLAG_POINTS, FLAG_ERRORS * s.se),
        )
        for s in severities
    ]


def residuals(sheets: Iterable[Total], noise: Noise) -> list[Residual]:
    """Without teams that have a single sheet: its residual is always 0."""
    return [residual for grid in components(sheets) for residual in _residuals(grid, noise)]


def outliers(marks: Iterable[Residual]) -> list[Residual]:
    far = [r for r in marks if abs(r.standardised) > OUTLIER]
    return sorted(far, key=lambda r: -abs(r.standardised))


def disagreements(sheets: Iterable[Total], noise: Noise) -> list[Disagreement]:
    """Studentized range test.

    H. O. Hartley, "The range in random samples", Biometrika 32, 1942.
    """
    beyond = []
    for grid in components(sheets):
        corrected = grid.values - adjusted_means(grid).severities[grid.juror_of]
        covariance = _ResidualCovariance(grid)
        for team in range(len(grid.teams)):
            of_team = np.flatnonzero(grid.team_of == team)
            if len(of_team) < 2:
                continue
            values = corrected[of_team]
            quantile = studentized_range_quantile(len(of_team), noise.degrees_of_freedom)
            bound = quantile * covariance.standard_deviation(of_team, noise)
            if float(np.ptp(values)) > bound:
                low, high = float(values.min()), float(values.max())
                beyond.append(Disagreement(grid.teams[team], low, high, bound, len(of_team)))
    return sorted(beyond, key=lambda d: (d.bound - (d.high - d.low), str(d.team)))


def influences(
    sheets: Sequence[Total], *, method: str, separation: float, noise: Noise
) -> list[Influence]:
    """The jurors without whose sheets the leading group would change; `noise` stays that of all."""
    leading = leading_group(sheets, method=method, separation=separation, noise=noise)
    influential = []
    for juror in dict.fromkeys(sheet.juror for sheet in sheets):
        others = [sheet for sheet in sheets if sheet.juror != juror]
        without = leading_group(
            others, method=method, separation=separation, noise=noise, near=leading
        )
        joins = [team for team in without if team not in leading]
        leaves = [team for team in leading if team not in without]
        if joins or leaves:
            influential.append(Influence(juror, joins, leaves))
    return influential


def leading_group(
    sheets: Sequence[Total],
    *,
    method: str,
    separation: float,
    noise: Noise,
    near: Collection[Key] = (),
) -> list[Key]:
    """Of the largest component, or of the one that has most of the teams `near`."""
    grids = components(sheets)
    if not grids:
        return []
    grid = max(grids, key=lambda g: sum(team in set(near) for team in g.teams))
    order = component_order(grid, METHODS[method](grid), noise, {})
    return next(groups_of(order, separation))


@cache
def studentized_range_quantile(n: int, degrees_of_freedom: int) -> float:
    """By bisection on Hartley's integral. Errors: docs/decisions/0025-own-statistics.md."""
    nu = degrees_of_freedom
    z = np.linspace(-8.0, 8.0, 401)  # beyond, the density is below 1e-14
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    half_width = 6 / np.sqrt(2 * nu)  # six standard deviations of s, approximately
    s = np.linspace(max(0.02, 1 - half_width), 1 + half_width, 61)
    log_f = (nu - 1) * np.log(s) - nu * s * s / 2
    weights = np.exp(log_f - log_f.max())
    weights /= weights.sum()
    below = normal_cdf(z)

    def probability(q: float) -> float:
        inner = below[None, :] - normal_cdf(z[None, :] - q * s[:, None])
        return float(weights @ (n * inner ** (n - 1) @ density))

    low, high = 0.0, 1.0
    while probability(high) < RANGE_LEVEL and high < 1e4:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if probability(middle) < RANGE_LEVEL else (low, middle)
    return high


class _ResidualCovariance:
    """In the two layers of `Estimate`, and in the notation of the decision."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        averaging = grid.incidence / grid.team_counts[:, None]
        self.rows = np.eye(len(grid.jurors))[grid.juror_of] - averaging[grid.team_of]  # W
        matrix = grid.juror_normal_matrix
        self.inverse = np.linalg.inv(matrix + np.eye(len(grid.jurors)))  # B
        self.residual_layer = 2 * self.inverse - self.inverse @ matrix @ self.inverse
        self.juror_layer = self.inverse @ self.inverse

    def variances(self) -> Floats:
        """Of each residual: (2, sheets)."""
        rows = self.rows
        projected = 1 - 1 / self.grid.team_counts[self.grid.team_of]
        residual = projected - np.einsum(
            "ij,jk,ik->i", rows, self.residual_layer, rows, optimize=True
        )
        juror = np.einsum("ij,jk,ik->i", rows, self.juror_layer, rows, optimize=True)
        return np.stack([residual, juror])

    def leverages(self) -> Floats:
        """D. C. Hoaglin, R. E. Welsch, "The hat matrix in regression and ANOVA", The American
        Statistician 32, 1978.
        """
        projected = 1 - 1 / self.grid.team_counts[self.grid.team_of]
        fitted: Floats = np.einsum("ij,jk,ik->i", self.rows, self.inverse, self.rows, optimize=True)
        return 1 - (projected - fitted)

    def standard_deviation(self, sheets: np.ndarray, noise: Noise) -> float:
        """Of one corrected total, if all of these had the same variance and no correlation."""
        n = len(sheets)
        rows = self.rows[sheets]
        projected = np.eye(n) - 1 / n
        layers = [
            projected - rows @ self.residual_layer @ rows.T,
            rows @ self.juror_layer @ rows.T,
        ]
        # The mean over pairs of (v_ii + v_jj - 2 v_ij) / 2.
        halves = [(np.trace(layer) - layer.sum() / n) / (n - 1) for layer in layers]
        return float(noise.standard_error(np.array(halves)[:, None])[0])


def _residuals(grid: Grid, noise: Noise) -> list[Residual]:
    estimate = adjusted_means(grid)
    corrected = grid.values - estimate.severities[grid.juror_of]
    residual = corrected - estimate.team_values[grid.team_of]
    covariance = _ResidualCovariance(grid)
    deviations = noise.standard_error(np.maximum(covariance.variances(), 0))
    leverages = covariance.leverages()
    only_sheet = grid.team_counts[grid.team_of] == 1
    return [
        Residual(
            juror=grid.jurors[grid.juror_of[i]],
            team=grid.teams[grid.team_of[i]],
            value=float(grid.values[i]),
            corrected=float(corrected[i]),
            residual=float(residual[i]),
            standardised=float(residual[i] / deviations[i]) if deviations[i] > 1e-9 else 0.0,
            leverage=float(leverages[i]),
        )
        for i in np.flatnonzero(~only_sheet)
    ]
