"""The diagnosis, compared with direct matrix formulas and by simulation."""

import numpy as np
import pytest

from judging.ranking.diagnosis import (
    disagreements,
    flag_severities,
    influences,
    leading_group,
    outliers,
    residuals,
    studentized_range_quantile,
)
from judging.ranking.grid import components
from judging.ranking.noise import Noise
from judging.ranking.standings import Severity, Total, rank
from tests.judging.ranking.test_ranking import drawn

KNOWN = Noise(
    np.array([1.0]), np.array([1.0]), np.array([1.0]), np.array([1.0]), degrees_of_freedom=1000
)


def test_quantiles_of_the_studentized_range():
    expected = {  # upper 5 % points, as scipy.stats.studentized_range 1.18 computes them
        2: {5: 3.6354, 20: 2.9500, 1000: 2.7752},
        3: {5: 4.6017, 20: 3.5779, 1000: 3.3194},
        4: {5: 5.2183, 20: 3.9583, 1000: 3.6393},
        8: {5: 6.5823, 20: 4.7676, 1000: 4.2954},
    }
    for n, points in expected.items():
        for freedom, point in points.items():
            assert studentized_range_quantile(n, freedom) == pytest.approx(point, rel=5e-3)


@pytest.mark.parametrize("seed", range(3))
def test_residuals_are_those_of_the_hat_matrix(seed):
    sheets = drawn(seed)
    grid = components(sheets)[0]
    n = len(grid.values)
    z, t = np.eye(len(grid.jurors))[grid.juror_of], np.eye(len(grid.teams))[grid.team_of]
    p = np.eye(n) - t @ np.linalg.inv(t.T @ t) @ t.T
    b = np.linalg.inv(z.T @ p @ z + np.eye(len(grid.jurors)))
    r = p - p @ z @ b @ z.T @ p
    covariance = r @ (np.eye(n) + z @ z.T) @ r.T

    found = residuals(sheets, KNOWN)

    assert [x.residual for x in found] == pytest.approx(r @ grid.values, abs=1e-9)
    assert [x.leverage for x in found] == pytest.approx(1 - np.diag(r), abs=1e-9)
    expected = r @ grid.values / np.sqrt(np.diag(covariance))
    assert [x.standardised for x in found] == pytest.approx(expected, abs=1e-9)


def simulated(seed: int, teams: int = 60, jurors: int = 12, readings: int = 4) -> list[Total]:
    chance = np.random.default_rng(seed)
    severity = chance.normal(size=jurors)
    return [
        Total(j, t, 12 + level + severity[j] + chance.normal())
        for t, level in enumerate(chance.normal(size=teams))
        for j in chance.choice(jurors, readings, replace=False)
    ]


def test_without_disagreement_five_percent_of_teams_are_found():
    found = sum(len(disagreements(simulated(seed), KNOWN)) for seed in range(40))

    assert 0.03 < found / (40 * 60) < 0.07


def test_standardised_residuals_have_variance_1():
    found = [r.standardised for seed in range(10) for r in residuals(simulated(seed), KNOWN)]

    assert np.std(found) == pytest.approx(1, abs=0.05)
    assert 0.005 < np.mean(np.abs(found) > 2.5) < 0.02  # 0.0124


def test_an_outlier_is_found_and_its_team_divides_the_jury():
    sheets = simulated(3)
    sheets[8] = Total(sheets[8].juror, sheets[8].team, sheets[8].value + 7)

    assert (outliers(residuals(sheets, KNOWN))[0].juror, sheets[8].team) == (
        sheets[8].juror,
        outliers(residuals(sheets, KNOWN))[0].team,
    )
    assert disagreements(sheets, KNOWN)[0].team == sheets[8].team


def test_a_single_sheet_gives_no_residual_and_no_disagreement():
    assert residuals([Total("x", "a", 12)], KNOWN) == []
    assert disagreements([Total("x", "a", 12)], KNOWN) == []


@pytest.mark.parametrize(
    ("severity", "se", "done", "early", "flagged"),
    [
        (1.5, 0.5, 50, False, True),
        (-1.5, 0.5, 50, False, True),
        (0.9, 0.1, 50, False, False),  # significant but small
        (1.5, 0.9, 50, False, False),  # large but not significant
        (3.0, 0.1, 49, True, False),  # too few sheets
    ],
)
def test_severities_are_flagged(severity, se, done, early, flagged):
    (line,) = flag_severities([Severity("x", severity, se, 9)], done=done, expected=100)

    assert (line.early, line.flagged) == (early, flagged)


@pytest.mark.parametrize("seed", range(5))
def test_the_leading_group_is_that_of_the_ranking(seed):
    sheets = drawn(seed)
    full = rank(sheets)

    found = leading_group(sheets, method="harmonised", separation=0.8, noise=full.noise)

    assert found == full.groups[0]
    for influence in influences(sheets, method="harmonised", separation=0.8, noise=full.noise):
        others = [s for s in sheets if s.juror != influence.juror]
        without = rank(others, noise=full.noise).groups[0]
        assert set(influence.joins) == set(without) - set(found)
        assert set(influence.leaves) == set(found) - set(without)
