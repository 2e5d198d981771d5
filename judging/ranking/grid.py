"""The methods that rank teams. Notation and formulas: docs/decisions/0026-ranking-model.md."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

type Floats = np.ndarray[Any, np.dtype[np.float64]]
type Integers = np.ndarray[Any, np.dtype[np.int64]]

# Variance of a normal sample's median, in variances of its mean (limit for large samples):
# H. Cramér, "Mathematical Methods of Statistics", 1946, section 28.5.
MEDIAN_VARIANCE = np.pi / 2


class SheetTotal(Protocol):
    @property
    def juror(self) -> Any: ...

    @property
    def team(self) -> Any: ...

    @property
    def value(self) -> Any: ...


@dataclass(frozen=True)
class Grid:
    """One component. `values[i]` is a total of `jurors[juror_of[i]]` for `teams[team_of[i]]`."""

    teams: list[Any]
    jurors: list[Any]
    team_of: Integers
    juror_of: Integers
    values: Floats

    @cached_property
    def incidence(self) -> Floats:
        """C: teams by jurors, 1 where there is a sheet."""
        incidence = np.zeros((len(self.teams), len(self.jurors)))
        incidence[self.team_of, self.juror_of] = 1
        return incidence

    @cached_property
    def team_counts(self) -> Integers:
        return np.bincount(self.team_of, minlength=len(self.teams))

    @cached_property
    def juror_counts(self) -> Integers:
        return np.bincount(self.juror_of, minlength=len(self.jurors))

    @cached_property
    def team_means(self) -> Floats:
        return self.sum_by_team(self.values) / self.team_counts

    @cached_property
    def juror_normal_matrix(self) -> Floats:
        """G: the normal matrix of the jurors once the teams are eliminated."""
        shared = self.incidence.T @ (self.incidence / self.team_counts[:, None])
        matrix: Floats = np.diag(self.juror_counts.astype(float)) - shared
        return matrix

    def sum_by_team(self, values: Floats) -> Floats:
        """`values` has one entry for each sheet."""
        return np.bincount(self.team_of, weights=values, minlength=len(self.teams))

    def sum_by_juror(self, values: Floats) -> Floats:
        return np.bincount(self.juror_of, weights=values, minlength=len(self.jurors))


@dataclass(frozen=True)
class Estimate:
    """Error variances have two layers: the factors of the residual variance and of the jurors'."""

    team_values: Floats
    team_covariance: Floats  # (2, teams, teams)
    severities: Floats
    severity_variances: Floats  # (2, jurors)


Method = Callable[[Grid], Estimate]


def adjusted_means(grid: Grid) -> Estimate:
    """Penalised least squares: sum of (y - team - juror)² plus sum of juror² is minimal.

    C. R. Henderson, "Best linear unbiased estimation and prediction under a selection model",
    Biometrics 31, 1975.
    """
    severities, inverse = _severities(grid)
    averaging = grid.incidence / grid.team_counts[:, None]
    shrunk = averaging @ inverse
    residual_layer = np.diag(1 / grid.team_counts) + shrunk @ grid.juror_normal_matrix @ shrunk.T
    return Estimate(
        team_values=grid.team_means - averaging @ severities,
        team_covariance=np.stack([residual_layer, shrunk @ shrunk.T]),
        severities=severities,
        severity_variances=_severity_variances(grid, inverse),
    )


def plain_means(grid: Grid) -> Estimate:
    """Severities are estimated as in `adjusted_means`."""
    severities, inverse = _severities(grid)
    averaging = grid.incidence / grid.team_counts[:, None]
    return Estimate(
        team_values=grid.team_means,
        team_covariance=np.stack([np.diag(1 / grid.team_counts), averaging @ averaging.T]),
        severities=severities,
        severity_variances=_severity_variances(grid, inverse),
    )


def medians(grid: Grid) -> Estimate:
    """From three sheets on a median varies π/2 times as much as a mean."""
    plain = plain_means(grid)
    by_team = np.split(
        grid.values[np.argsort(grid.team_of, kind="stable")], np.cumsum(grid.team_counts)[:-1]
    )
    factor = np.where(grid.team_counts > 2, np.sqrt(MEDIAN_VARIANCE), 1.0)
    return Estimate(
        team_values=np.array([np.median(values) for values in by_team]),
        team_covariance=plain.team_covariance * factor[:, None] * factor[None, :],
        severities=plain.severities,
        severity_variances=plain.severity_variances,
    )


# The keys are stored (`judging.enums.Method`) and are the choices of `manage.py rank --method`.
METHODS: dict[str, Method] = {
    "harmonised": adjusted_means,
    "mean": plain_means,
    "median": medians,
}


def components(sheets: Iterable[SheetTotal]) -> list[Grid]:
    """Largest first. Raises ValueError if a juror has two sheets of a team."""
    sheets = list(sheets)
    if len({(sheet.juror, sheet.team) for sheet in sheets}) < len(sheets):
        raise ValueError("a juror has two sheets of one team")
    parts: dict[Any, list[SheetTotal]] = {}
    root = _union_find(sheets)
    for sheet in sheets:
        parts.setdefault(root("team", sheet.team), []).append(sheet)
    return sorted(map(_grid, parts.values()), key=lambda grid: -len(grid.teams))


def _severities(grid: Grid) -> tuple[Floats, Floats]:
    """b = B Z'P y, and B."""
    inverse = np.linalg.inv(grid.juror_normal_matrix + np.eye(len(grid.jurors)))
    deviations = grid.sum_by_juror(grid.values - grid.team_means[grid.team_of])
    return inverse @ deviations, inverse


def _severity_variances(grid: Grid, inverse: Floats) -> Floats:
    """The diagonals of B G B and B B."""
    matrix = grid.juror_normal_matrix
    return np.stack(
        [
            np.einsum("ij,jk,ki->i", inverse, matrix, inverse, optimize=True),
            np.einsum("ij,ji->i", inverse, inverse),
        ]
    )


def _grid(sheets: Sequence[SheetTotal]) -> Grid:
    teams = {team: i for i, team in enumerate(dict.fromkeys(s.team for s in sheets))}
    jurors = {juror: i for i, juror in enumerate(dict.fromkeys(s.juror for s in sheets))}
    return Grid(
        teams=list(teams),
        jurors=list(jurors),
        team_of=np.array([teams[s.team] for s in sheets]),
        juror_of=np.array([jurors[s.juror] for s in sheets]),
        values=np.array([float(s.value) for s in sheets]),
    )


def _union_find(sheets: Iterable[SheetTotal]) -> Callable[[str, Any], Any]:
    """A function that maps a node to the representative of its component.

    R. E. Tarjan and J. van Leeuwen, "Worst-case analysis of set union algorithms", JACM 31, 1984.
    """
    parent: dict[tuple[str, Any], tuple[str, Any]] = {}

    def root(side: str, key: Any) -> tuple[str, Any]:
        node = parent.setdefault((side, key), (side, key))
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for sheet in sheets:
        parent[root("team", sheet.team)] = root("juror", sheet.juror)
    return root
