"""What a president looks at before deciding: severities, disagreements, marks that stand out, and
whom the result hangs on. Pure NumPy on `judging.ranking.grid`; questions to people, never
corrections.

All of it is of the additive model, whatever method ranks. With the notation of `grid.harmonised`
(T and Z the incidences of teams and jurors, D the teams' counts, P = I - T D^-1 T', W = P Z,
G = W'W, B = (G + I)^-1), what the model leaves of the totals y is

    e = R y,  R = P - W B W'

R is symmetric; 1 - R_ii is the sheet's leverage (D. C. Hoaglin and R. E. Welsch, "The hat matrix in
regression and ANOVA", The American Statistician 32, 1978). Errors of variance s² and jurors of
variance r s² make the covariance of e

    s² (R R' + r R Z Z' R') = s² (P - W (2B - B G B) W' + r W B² W')

because R Z = W B. `noise` weighs what s² and r may be.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from judging.ranking.grid import METHODS, Floats, Grid, components, harmonised
from judging.ranking.noise import Noise, normal_cdf
from judging.ranking.standings import Key, Severity, Total

STANDS_OUT = 2.5  # standard deviations of a residual
WIDE = 0.95  # of teams with as many sheets show a smaller range
ERRORS = 2.0  # standard errors, and
POINTS = 1.0  # points of 20, above which a severity is flagged
ENOUGH = 0.5  # of the expected sheets, before which severities say little


@dataclass(frozen=True)
class JurorLine:
    """A juror's severity: `early` is too soon to tell, `flagged` is to be talked about."""

    juror: Key
    severity: float
    se: float
    sheets: int
    early: bool
    flagged: bool


@dataclass(frozen=True)
class Residual:
    """A sheet beside what the model expects of it, in the totals' unit and in its own deviations.

    `corrected` is the total without the juror's severity.
    """

    juror: Key
    team: Key
    value: float
    corrected: float
    residual: float
    standardised: float
    leverage: float


@dataclass(frozen=True)
class Disagreement:
    """A team whose corrected totals lie further apart than 5 % of teams' with as many sheets."""

    team: Key
    low: float
    high: float
    bound: float
    sheets: int


@dataclass(frozen=True)
class Influence:
    """What the leading group would be without a juror: who comes in, who goes out."""

    juror: Key
    joins: list[Key]
    leaves: list[Key]


def severities(found: Iterable[Severity], *, done: int, expected: int) -> list[JurorLine]:
    """Severities with what they mean: flagged above two standard errors and one point, once half of
    the expected sheets are in.
    """
    early = done < ENOUGH * expected
    return [
        JurorLine(
            s.juror,
            s.severity,
            s.se,
            s.sheets,
            early=early,
            flagged=not early and abs(s.severity) > max(POINTS, ERRORS * s.se),
        )
        for s in found
    ]


def residuals(sheets: Iterable[Total], noise: Noise) -> list[Residual]:
    """Of every sheet whose team somebody else has read too; of the others the model expects what
    they say.
    """
    return [residual for grid in components(sheets) for residual in _residuals(grid, noise)]


def outstanding(found: Iterable[Residual]) -> list[Residual]:
    """Those to be looked at again, what stands out most first."""
    far = [r for r in found if abs(r.standardised) > STANDS_OUT]
    return sorted(far, key=lambda r: -abs(r.standardised))


def disagreements(sheets: Iterable[Total], noise: Noise) -> list[Disagreement]:
    """Teams whose corrected totals range beyond what 95 % of teams with as many sheets show.

    The range of n normal values is compared with the 95 % point of the studentized range for n and
    the noise's degrees of freedom, in the deviation that the model gives to differences of two
    corrected totals of this team, on average over its pairs (J. W. Tukey's q; H. O. Hartley, "The
    range in random samples", Biometrika 32, 1942).
    """
    found = []
    for grid in components(sheets):
        corrected = grid.values - harmonised(grid).jurors[grid.juror_of]
        left = _Left(grid)
        for team in range(len(grid.teams)):
            of_team = np.flatnonzero(grid.team_of == team)
            if len(of_team) < 2:
                continue
            values = corrected[of_team]
            spread = left.spread(of_team, noise)
            bound = range_point(len(of_team), noise.freedom) * spread
            if float(np.ptp(values)) > bound:
                low, high = float(values.min()), float(values.max())
                found.append(Disagreement(grid.teams[team], low, high, bound, len(of_team)))
    return sorted(found, key=lambda d: (d.bound - (d.high - d.low), str(d.team)))


def influences(
    sheets: Sequence[Total], *, method: str, separation: float, noise: Noise
) -> list[Influence]:
    """For each juror whose sheets change the leading group by being there: what it would be.

    The noise stays: it is a question about this juror's marks, not about marks in general.
    """
    leading = leading_group(sheets, method=method, separation=separation, noise=noise)
    found = []
    for juror in dict.fromkeys(sheet.juror for sheet in sheets):
        others = [sheet for sheet in sheets if sheet.juror != juror]
        without = leading_group(
            others, method=method, separation=separation, noise=noise, beside=leading
        )
        joins = [team for team in without if team not in leading]
        leaves = [team for team in leading if team not in without]
        if joins or leaves:
            found.append(Influence(juror, joins, leaves))
    return found


def leading_group(
    sheets: Sequence[Total],
    *,
    method: str,
    separation: float,
    noise: Noise,
    beside: Collection[Key] = (),
) -> list[Key]:
    """The first group of `ranking.rank`, alone: of the largest component, or of the one that holds
    most of the teams `beside`.
    """
    grids = components(sheets)
    if not grids:
        return []
    grid = max(grids, key=lambda g: sum(team in set(beside) for team in g.teams))
    found = METHODS[method](grid)
    best_first = np.argsort(-found.values, kind="stable")
    leader = best_first[0]
    own = np.diagonal(found.errors, axis1=1, axis2=2)
    spread = own[:, [leader]] + own - 2 * found.errors[:, leader, :]
    p = noise.order_probability(found.values[leader] - found.values, np.maximum(spread, 0))
    return [grid.teams[i] for i in best_first if i == leader or p[i] < separation]


@cache
def range_point(n: int, freedom: int, probability: float = WIDE) -> float:
    """The point below which the studentized range of `n` values is with this probability:
    P(q) = ∫ f(s) n ∫ φ(z) (Φ(z) - Φ(z - qs))^(n-1) dz ds, s² being χ²/freedom.
    """
    z = np.linspace(-8.0, 8.0, 401)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    half = 6 / np.sqrt(2 * freedom)
    s = np.linspace(max(0.02, 1 - half), 1 + half, 61)
    log_f = (freedom - 1) * np.log(s) - freedom * s * s / 2
    weights = np.exp(log_f - log_f.max())
    weights /= weights.sum()
    below = normal_cdf(z)

    def reached(q: float) -> float:
        inner = below[None, :] - normal_cdf(z[None, :] - q * s[:, None])
        return float(weights @ (n * inner ** (n - 1) @ density))

    low, high = 0.0, 1.0
    while reached(high) < probability and high < 1e4:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < probability else (low, middle)
    return high


class _Left:
    """Covariances of what the model leaves of a grid's totals, in the two layers of `Noise`."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        pull = grid.crossing / grid.team_counts[:, None]
        self.rows = np.eye(len(grid.jurors))[grid.juror_of] - pull[grid.team_of]  # W
        between = grid.between_jurors
        self.inverse = np.linalg.inv(between + np.eye(len(grid.jurors)))
        self.own = 2 * self.inverse - self.inverse @ between @ self.inverse
        self.through = self.inverse @ self.inverse

    def variances(self) -> Floats:
        """Of each residual: (2, sheets)."""
        rows = self.rows
        projected = 1 - 1 / self.grid.team_counts[self.grid.team_of]
        own = projected - np.einsum("ij,jk,ik->i", rows, self.own, rows, optimize=True)
        through = np.einsum("ij,jk,ik->i", rows, self.through, rows, optimize=True)
        return np.stack([own, through])

    def leverages(self) -> Floats:
        """1 - R_ii."""
        projected = 1 - 1 / self.grid.team_counts[self.grid.team_of]
        kept: Floats = np.einsum("ij,jk,ik->i", self.rows, self.inverse, self.rows, optimize=True)
        return 1 - (projected - kept)

    def spread(self, sheets: np.ndarray, noise: Noise) -> float:
        """The deviation of one value, as if differences of two of these came of two such values:
        half the mean variance of the differences, rooted.
        """
        n = len(sheets)
        rows = self.rows[sheets]
        projected = np.eye(n) - 1 / n
        layers = [projected - rows @ self.own @ rows.T, rows @ self.through @ rows.T]
        halved = [
            (np.trace(layer) - layer.sum() / n) / (n - 1) for layer in layers
        ]  # the mean over pairs of (v_ii + v_jj - 2 v_ij) / 2
        return float(noise.standard_error(np.array(halved)[:, None])[0])


def _residuals(grid: Grid, noise: Noise) -> list[Residual]:
    found = harmonised(grid)
    corrected = grid.values - found.jurors[grid.juror_of]
    residual = corrected - found.values[grid.team_of]
    left = _Left(grid)
    deviations = noise.standard_error(np.maximum(left.variances(), 0))
    leverages = left.leverages()
    alone = grid.team_counts[grid.team_of] == 1
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
        for i in np.flatnonzero(~alone)
    ]
