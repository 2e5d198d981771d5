"""What one more sheet is worth before it is read.

The additive model of docs/decisions/0026-ranking-model.md with random teams, which the mixed model
equations solve: C. R. Henderson, "Best linear unbiased estimation and prediction under a selection
model", Biometrics 31, 1975. The variances are the means of `Noise`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judging.ranking.grid import Floats, SheetTotal
from judging.ranking.noise import Noise, normal_cdf

type Key = Any
type Pair = tuple[Key, Key]  # a juror, a team

# Expectations over a standard normal variable: nodes and weights of the trapezoidal rule.
NODES = np.linspace(-4, 4, 41)
WEIGHTS = np.exp(-NODES * NODES / 2) / np.exp(-NODES * NODES / 2).sum()
# The same with few nodes, for smooth functions: the Gauss-Hermite rule.
FEW_NODES, FEW_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
LEAST_RATIO = 1e-6  # of a variance to the residual variance, whose inverse the equations need
TINY = 1e-12


@dataclass(frozen=True)
class Beliefs:
    """Joint normal distribution of the teams' values, the severities and the level.

    `covariance` has the teams first, then the jurors, then the level. `means` are the teams'.
    """

    teams: dict[Key, int]
    jurors: dict[Key, int]
    means: Floats
    covariance: Floats
    error_variance: float

    def shifts(self, pairs: Sequence[Pair]) -> Floats:
        """How far each pair's sheet moves the teams' means per standard deviation of its surprise.

        Σ x / sqrt(s² + x'Σx), where x adds the team and the juror. One row for each pair.
        """
        team = np.array([self.teams[t] for _, t in pairs], dtype=int)
        juror = np.array([self.jurors[j] for j, _ in pairs], dtype=int) + len(self.teams)
        columns = self.covariance[:, team] + self.covariance[:, juror] + self.covariance[:, [-1]]
        each = np.arange(len(pairs))
        variance = columns[team, each] + columns[juror, each] + columns[-1] + self.error_variance
        shifts: Floats = (columns / np.sqrt(variance)).T
        return shifts

    def expecting(self, pairs: Iterable[Pair]) -> "Beliefs":
        """As if these sheets were finished and as expected: means stay, variances shrink.

        The "believer" of D. Ginsbourger, R. Le Riche and L. Carraro, "Kriging is well-suited to
        parallelize optimization", 2010.
        """
        found = self
        for pair in pairs:
            shift = found.shifts([pair])[0]
            found = replace(found, covariance=found.covariance - np.outer(shift, shift))
        return found


def beliefs(
    sheets: Sequence[SheetTotal], teams: Iterable[Key], jurors: Iterable[Key], noise: Noise
) -> Beliefs:
    """Teams and jurors without a sheet have their prior distribution. At least one sheet."""
    team_index = {team: i for i, team in enumerate(dict.fromkeys(teams))}
    juror_index = {juror: i for i, juror in enumerate(dict.fromkeys(jurors))}
    n, m = len(team_index), len(juror_index)
    error = float(noise.weights @ noise.error_variance)
    design = np.zeros((len(sheets), n + m + 1))
    rows = np.arange(len(sheets))
    design[rows, [team_index[sheet.team] for sheet in sheets]] = 1
    design[rows, [n + juror_index[sheet.juror] for sheet in sheets]] = 1
    design[:, -1] = 1
    values = np.array([float(sheet.value) for sheet in sheets])
    team_ratio, juror_ratio = (
        max(float(noise.weights @ (noise.error_variance * ratio)) / error, LEAST_RATIO)
        for ratio in (noise.team_ratio, noise.juror_ratio)
    )
    prior = np.diag([1 / team_ratio] * n + [1 / juror_ratio] * m + [0.0])
    inverse = np.linalg.inv(design.T @ design + prior)
    means = inverse @ (design.T @ values)
    return Beliefs(team_index, juror_index, means[:n], error * inverse, error)


def gains(found: Beliefs, pairs: Sequence[Pair]) -> Floats:
    """By how much the value of the team that is then first is expected to rise, for each pair.

    The knowledge gradient for correlated normal beliefs: P. Frazier, W. Powell and S. Dayanik,
    INFORMS Journal on Computing 21, 2009; here with a sum in place of its closed form.
    """
    shifts = found.shifts(pairs)[:, : len(found.teams)]
    after = found.means[:, None] + shifts[:, :, None] * NODES
    value: Floats = after.max(axis=1) @ WEIGHTS - found.means.max()
    return value


def chance(found: Beliefs) -> float:
    """That the team which is most probably the best is the best."""
    covariance = found.covariance[: len(found.teams), : len(found.teams)]
    return float(_chances(found.means, covariance).max())


def expected_chance(found: Beliefs, pair: Pair) -> float:
    """`chance` once the sheet of this pair is finished, on average over what it may bring.

    A sheet makes nothing less certain on average, but the approximation may by a hundredth.
    """
    n = len(found.teams)
    shift = found.shifts([pair])[0, :n]
    covariance = found.covariance[:n, :n] - np.outer(shift, shift)
    later = _chances(found.means + FEW_NODES[:, None] * shift, covariance).max(axis=1)
    return max(chance(found), float(later @ FEW_WEIGHTS / FEW_WEIGHTS.sum()))


def _chances(means: Floats, covariance: Floats) -> Floats:
    """Of being the best, for each team (last axis).

    The integral over the standardised differences to the others, taken as equally correlated by
    1/2: C. W. Dunnett and M. Sobel, "Approximations to the probability integral and certain
    percentage points of a multivariate analogue of Student's t-distribution", Biometrika 42, 1955.
    """
    variances = np.diagonal(covariance)
    spread = np.sqrt(np.maximum(variances[:, None] + variances - 2 * covariance, TINY))
    z = (means[..., :, None] - means[..., None, :]) / spread
    below = normal_cdf(np.sqrt(2) * z[..., None] + NODES)
    own = np.arange(len(variances))
    below[..., own, own, :] = 1
    chances: Floats = below.prod(axis=-2) @ WEIGHTS
    return chances / chances.sum(axis=-1, keepdims=True)
