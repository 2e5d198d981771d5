"""How much chance there is in marks, and how likely an order is right. Pure NumPy.

Totals are a level plus a team plus a juror plus an error, all normal. What is known of their
variances is a posterior on a grid: the juror's variance in units of the error's (`JUROR`), the
team's in units of the error's (`TEAM`); the error's own is integrated out with its usual prior
(1/s²), which leaves Student's t. The weights come from the restricted likelihood, in which each
component's level is free (D. A. Harville, "Bayesian inference for variance components using only
error contrasts", Biometrika 61, 1974). Several juries are pooled by adding their likelihoods.

Small juries say little of their variances: averaging over what they may be is what keeps the
announced probabilities calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judging.ranking.grid import Floats, Grid

JUROR = np.array([0.0, 0.08, 0.2, 0.45, 1.0, 2.2, 5.0, 11.0])
TEAM = np.array([0.12, 0.3, 0.7, 1.6, 3.6, 8.0, 18.0])
# What is thought before any mark: jurors vary half as much as errors and teams three times as
# much, give or take a factor of 5 (variances, natural logarithms). A flat prior made small juries
# too cautious: see `bench/fairness`.
JUROR_EXPECTED, TEAM_EXPECTED, GIVE_OR_TAKE = np.log(0.5), np.log(3.0), 1.7
NO_JUROR = 0.03  # for the prior alone, whose logarithm has no zero
LEAST_WEIGHT = 0.01  # what is less likely is left out


@dataclass(frozen=True)
class Noise:
    """A posterior: each entry has its weight, the variance of an error (squared unit of the
    totals), and those of jurors and teams in units of it. `freedom` belongs to the error's.
    """

    weights: Floats
    error: Floats
    juror: Floats
    team: Floats
    freedom: int

    def standard_error(self, errors: Floats) -> Floats:
        """The root of the expected variance, for `errors` in two layers as in `Estimate`."""
        variance = self.weights @ (
            self.error[:, None] * (errors[0] + self.juror[:, None] * errors[1])
        )
        root: Floats = np.sqrt(np.maximum(variance, 0))
        return root

    def order_probability(self, distance: Floats, errors: Floats) -> Floats:
        """That the true distance is positive where `distance` was estimated, `errors` being the
        estimate's error variance in two layers.

        Teams are drawn with some variance, so a distance d estimated with variance v shrinks: given
        d it has mean dD/(D + v) and variance Dv/(D + v), D being two teams' variance.
        """
        found = np.zeros_like(distance)
        for weight, error, juror, team in zip(
            self.weights, self.error, self.juror, self.team, strict=True
        ):
            between = 2 * team
            spread = errors[0] + juror * errors[1]
            with np.errstate(divide="ignore", invalid="ignore"):
                z = distance * np.sqrt(between / (spread * (between + spread) * error))
            found += weight * t_cdf(np.where(distance == 0, 0.0, z), self.freedom)
        return found


def measure(grids: Sequence[Grid]) -> Noise:
    """What these grids say together, each with a level of its own."""
    sheets = sum(len(grid.values) for grid in grids)
    freedom = max(1, sheets - len(grids))
    shape = (len(TEAM), len(JUROR))
    log_size, squares = np.zeros(shape), np.zeros(shape)
    for grid in grids:
        for row, team in enumerate(TEAM):
            sizes, rests = _contrasts(grid, team)
            log_size[row] += sizes
            squares[row] += rests
    least = 1e-12 * max(1.0, *(float(np.ptp(g.values)) ** 2 for g in grids)) if grids else 1.0
    squares = np.maximum(squares, least)
    score = _prior() - 0.5 * log_size - 0.5 * freedom * np.log(squares)
    weights = np.exp(score - score.max())
    weights /= weights.sum()
    kept = weights > LEAST_WEIGHT * weights.max()
    rows, columns = np.nonzero(kept)
    return Noise(
        weights=weights[kept] / weights[kept].sum(),
        error=squares[kept] / freedom,
        juror=JUROR[columns],
        team=TEAM[rows],
        freedom=freedom,
    )


def _prior() -> Floats:
    jurors = (np.log(np.maximum(JUROR, NO_JUROR)) - JUROR_EXPECTED) / GIVE_OR_TAKE
    teams = (np.log(TEAM) - TEAM_EXPECTED) / GIVE_OR_TAKE
    prior: Floats = -0.5 * (jurors[None, :] ** 2 + teams[:, None] ** 2)
    return prior


def _contrasts(grid: Grid, team: float) -> tuple[Floats, Floats]:
    """For each variance of jurors: the log determinant of the covariance (per unit of error) with
    the level's information, and the weighted sum of squares around the level.

    Teams are eliminated first (their blocks are diagonal), jurors then, by Woodbury's identity.
    """
    shrink = team / (1 + team * grid.team_counts)
    ones = np.ones_like(grid.values)
    columns = [ones, grid.values]
    by_team = np.stack([grid.by_team(column) for column in columns], axis=1)
    by_juror = np.stack([grid.by_juror(column) for column in columns], axis=1)
    plain = np.array([[a @ b for b in columns] for a in columns])
    inner = plain - by_team.T @ (shrink[:, None] * by_team)
    left = by_juror - grid.crossing.T @ (shrink[:, None] * by_team)
    between = np.diag(grid.juror_counts.astype(float)) - grid.crossing.T @ (
        shrink[:, None] * grid.crossing
    )
    teams_size = float(np.log1p(team * grid.team_counts).sum())
    sizes, rests = np.zeros(len(JUROR)), np.zeros(len(JUROR))
    for i, juror in enumerate(JUROR):
        grown = np.eye(len(between)) + juror * between
        form = inner - juror * left.T @ np.linalg.solve(grown, left)
        size = 2 * float(np.log(np.diagonal(np.linalg.cholesky(grown))).sum())
        sizes[i] = teams_size + size + np.log(form[0, 0])
        rests[i] = form[1, 1] - form[0, 1] ** 2 / form[0, 0]
    return sizes, rests


def t_cdf(t: Any, freedom: int) -> Floats:
    """Student's distribution, by D. L. Wallace's normal approximation ("Bounds on normal
    approximations to Student's and the chi-square distributions", 1959): within 0.003 from 3
    degrees on.
    """
    t = np.asarray(t, dtype=float)
    with np.errstate(over="ignore"):
        z = (8 * freedom + 1) / (8 * freedom + 3) * np.sqrt(freedom * np.log1p(t * t / freedom))
    return normal_cdf(np.sign(t) * z)


def normal_cdf(z: Any) -> Floats:
    """The normal distribution, within 1e-7 (M. Abramowitz and I. A. Stegun, "Handbook of
    Mathematical Functions", 1964, formula 26.2.17).
    """
    z = np.asarray(z, dtype=float)
    far = np.minimum(np.abs(z), 40.0)
    k = 1 / (1 + 0.2316419 * far)
    series = k * (
        0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))
    )
    upper = np.exp(-0.5 * far * far) / np.sqrt(2 * np.pi) * series
    return np.where(z >= 0, 1 - upper, upper)
