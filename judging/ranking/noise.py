"""The variances of marks. Model and sources: docs/decisions/0026-ranking-model.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judging.ranking.grid import Floats, Grid

JUROR_RATIOS = np.array([0.0, 0.08, 0.2, 0.45, 1.0, 2.2, 5.0, 11.0])
TEAM_RATIOS = np.array([0.12, 0.3, 0.7, 1.6, 3.6, 8.0, 18.0])
# Log-normal priors: the jurors' variance is about half the residual variance and the teams' three
# times, each within a factor of e^1.7 = 5. A flat prior was too cautious for small juries (see
# `bench/fairness`).
LOG_JUROR_RATIO, LOG_TEAM_RATIO, LOG_DEVIATION = np.log(0.5), np.log(3.0), 1.7
ZERO_RATIO = 0.03  # stands for 0 in the prior, whose logarithm needs a positive number
LEAST_WEIGHT = 0.01  # of the largest weight; smaller ones are dropped


@dataclass(frozen=True)
class Noise:
    """Entry i of each array has the weight `weights[i]`.

    `error_variance` is the residual variance, in squared units of the totals. The ratios are the
    variances of jurors and of teams divided by it.
    """

    weights: Floats
    error_variance: Floats
    juror_ratio: Floats
    team_ratio: Floats
    degrees_of_freedom: int

    def standard_error(self, layers: Floats) -> Floats:
        """The root of the posterior mean variance. `layers` are those of `Estimate`."""
        variance = self.weights @ (
            self.error_variance[:, None] * (layers[0] + self.juror_ratio[:, None] * layers[1])
        )
        root: Floats = np.sqrt(np.maximum(variance, 0))
        return root

    def order_probability(self, differences: Floats, layers: Floats) -> Floats:
        """The probability that the true difference is positive, for each estimated `difference`.

        `layers` are its error variances, as in `Estimate`. The estimate is shrunk towards 0.
        """
        probability = np.zeros_like(differences)
        for weight, error, juror, team in zip(
            self.weights, self.error_variance, self.juror_ratio, self.team_ratio, strict=True
        ):
            prior = 2 * team
            spread = layers[0] + juror * layers[1]
            with np.errstate(divide="ignore", invalid="ignore"):
                z = differences * np.sqrt(prior / (spread * (prior + spread) * error))
            z = np.where(differences == 0, 0.0, z)
            probability += weight * t_cdf(z, self.degrees_of_freedom)
        return probability

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with all digits."""
        return {
            "weights": self.weights.tolist(),
            "error": self.error_variance.tolist(),
            "juror": self.juror_ratio.tolist(),
            "team": self.team_ratio.tolist(),
            "freedom": self.degrees_of_freedom,
        }


def noise_of(written: Mapping[str, Any]) -> Noise:
    """The opposite of `Noise.as_dict`. Raises KeyError, TypeError or ValueError."""
    weights, error, juror, team = (
        np.array(written[name], dtype=float) for name in ("weights", "error", "juror", "team")
    )
    return Noise(weights, error, juror, team, int(written["freedom"]))


def posterior(grids: Sequence[Grid]) -> Noise:
    """Each grid has a level of its own."""
    sheets = sum(len(grid.values) for grid in grids)
    degrees_of_freedom = max(1, sheets - len(grids))
    shape = (len(TEAM_RATIOS), len(JUROR_RATIOS))
    log_determinant, squares = np.zeros(shape), np.zeros(shape)
    for grid in grids:
        for row, team_ratio in enumerate(TEAM_RATIOS):
            logs, sums = _restricted_likelihood(grid, team_ratio)
            log_determinant[row] += logs
            squares[row] += sums
    # A floor for totals that are all alike, where the sum of squares is 0.
    least = 1e-12 * max(1.0, *(float(np.ptp(g.values)) ** 2 for g in grids)) if grids else 1.0
    squares = np.maximum(squares, least)
    log_weights = _log_prior() - 0.5 * log_determinant - 0.5 * degrees_of_freedom * np.log(squares)
    # Less the largest: the exponential of the logarithms themselves could be 0 everywhere.
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    likely = weights > LEAST_WEIGHT * weights.max()
    rows, columns = np.nonzero(likely)
    return Noise(
        weights=weights[likely] / weights[likely].sum(),
        error_variance=squares[likely] / degrees_of_freedom,
        juror_ratio=JUROR_RATIOS[columns],
        team_ratio=TEAM_RATIOS[rows],
        degrees_of_freedom=degrees_of_freedom,
    )


def _log_prior() -> Floats:
    jurors = (np.log(np.maximum(JUROR_RATIOS, ZERO_RATIO)) - LOG_JUROR_RATIO) / LOG_DEVIATION
    teams = (np.log(TEAM_RATIOS) - LOG_TEAM_RATIO) / LOG_DEVIATION
    log_prior: Floats = -0.5 * (jurors[None, :] ** 2 + teams[:, None] ** 2)
    return log_prior


def _restricted_likelihood(grid: Grid, team_ratio: float) -> tuple[Floats, Floats]:
    """The two terms of the restricted likelihood, for each of `JUROR_RATIOS`.

    D. A. Harville, "Bayesian inference for variance components using only error contrasts",
    Biometrika 61, 1974. Woodbury's identity eliminates the teams, whose blocks are diagonal, then
    the jurors: what is solved has one row for each juror.
    """
    shrink = team_ratio / (1 + team_ratio * grid.team_counts)
    columns = [np.ones_like(grid.values), grid.values]
    by_team = np.stack([grid.sum_by_team(column) for column in columns], axis=1)
    by_juror = np.stack([grid.sum_by_juror(column) for column in columns], axis=1)
    products = np.array([[a @ b for b in columns] for a in columns])
    without_teams = products - by_team.T @ (shrink[:, None] * by_team)
    crossed = by_juror - grid.incidence.T @ (shrink[:, None] * by_team)
    between = np.diag(grid.juror_counts.astype(float)) - grid.incidence.T @ (
        shrink[:, None] * grid.incidence
    )
    team_logs = float(np.log1p(team_ratio * grid.team_counts).sum())
    logs, sums = np.zeros(len(JUROR_RATIOS)), np.zeros(len(JUROR_RATIOS))
    for i, juror_ratio in enumerate(JUROR_RATIOS):
        inner = np.eye(len(between)) + juror_ratio * between
        form = without_teams - juror_ratio * crossed.T @ np.linalg.solve(inner, crossed)
        juror_logs = 2 * float(np.log(np.diagonal(np.linalg.cholesky(inner))).sum())
        logs[i] = team_logs + juror_logs + np.log(form[0, 0])
        sums[i] = form[1, 1] - form[0, 1] ** 2 / form[0, 0]
    return logs, sums


def t_cdf(t: Any, degrees_of_freedom: int) -> Floats:
    """Student's t. D. L. Wallace, "Bounds on normal approximations to Student's and the chi-square
    distributions", Annals of Mathematical Statistics 30, 1959. Errors: docs/decisions/0025.
    """
    t = np.asarray(t, dtype=float)
    n = degrees_of_freedom
    with np.errstate(over="ignore"):
        z = (8 * n + 1) / (8 * n + 3) * np.sqrt(n * np.log1p(t * t / n))
    return normal_cdf(np.sign(t) * z)


def normal_cdf(z: Any) -> Floats:
    """M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, formula 26.2.17."""
    z = np.asarray(z, dtype=float)
    distance = np.minimum(np.abs(z), 40.0)
    k = 1 / (1 + 0.2316419 * distance)
    series = k * (
        0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))
    )
    upper = np.exp(-0.5 * distance * distance) / np.sqrt(2 * np.pi) * series
    return np.where(z >= 0, 1 - upper, upper)
