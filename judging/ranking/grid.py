"""Teams by jurors, and the estimates that methods make of them. Pure NumPy; see `ranking`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

type Floats = np.ndarray[Any, np.dtype[np.float64]]
type Integers = np.ndarray[Any, np.dtype[np.int64]]

MEDIAN_VARIANCE = np.pi / 2  # of a median of normal values, in variances of their mean


class Marked(Protocol):
    """A sheet's total."""

    @property
    def juror(self) -> Any:
        """Whose."""

    @property
    def team(self) -> Any:
        """Of whom."""

    @property
    def value(self) -> Any:
        """How much; missing is not there at all."""


@dataclass(frozen=True)
class Grid:
    """Sheets of teams and jurors that chains of sheets link: `values[i]` is what juror
    `jurors[juror_of[i]]` gave team `teams[team_of[i]]`.
    """

    teams: list[Any]
    jurors: list[Any]
    team_of: Integers
    juror_of: Integers
    values: Floats

    @cached_property
    def crossing(self) -> Floats:
        """Teams by jurors, 1 where there is a sheet."""
        crossing = np.zeros((len(self.teams), len(self.jurors)))
        crossing[self.team_of, self.juror_of] = 1
        return crossing

    @cached_property
    def team_counts(self) -> Integers:
        """Sheets of each team."""
        return np.bincount(self.team_of, minlength=len(self.teams))

    @cached_property
    def juror_counts(self) -> Integers:
        """Sheets of each juror."""
        return np.bincount(self.juror_of, minlength=len(self.jurors))

    @cached_property
    def means(self) -> Floats:
        """Each team's plain mean."""
        return self.by_team(self.values) / self.team_counts

    @cached_property
    def between_jurors(self) -> Floats:
        """What is left of the jurors' crossing once teams are taken out: Z'PZ, jurors by jurors."""
        shared = self.crossing.T @ (self.crossing / self.team_counts[:, None])
        left: Floats = np.diag(self.juror_counts.astype(float)) - shared
        return left

    def by_team(self, values: Floats) -> Floats:
        """Sums of values that are one for each sheet."""
        return np.bincount(self.team_of, weights=values, minlength=len(self.teams))

    def by_juror(self, values: Floats) -> Floats:
        """The same, by juror."""
        return np.bincount(self.juror_of, weights=values, minlength=len(self.jurors))


@dataclass(frozen=True)
class Estimate:
    """What a method makes of a grid.

    `errors` are the teams' error covariances in two layers: per unit of the variance of an error of
    a sheet, and per unit of the variance of jurors. `jurors` and `juror_errors` say the same of
    jurors (their errors' variances alone); they are zeros and infinite if the method has no jurors.
    """

    values: Floats
    errors: Floats
    jurors: Floats
    juror_errors: Floats


Method = Callable[[Grid], Estimate]


def harmonised(grid: Grid) -> Estimate:
    """The additive model with shrunk jurors: see `ranking`.

    Let D be the teams' counts, C their crossing with jurors, G what is left between jurors, and
    B = (G + I)^-1. Then b = B (sums by juror of y minus its team's mean), m = means - D^-1 C b.
    With F = D^-1 C B, the errors of m have covariance s² (D^-1 + F G F') for errors of variance
    s², and r F F' for jurors of variance r.
    """
    jurors, inverse = _jurors(grid)
    pull = grid.crossing / grid.team_counts[:, None]
    moved = pull @ inverse
    own = np.diag(1 / grid.team_counts) + moved @ grid.between_jurors @ moved.T
    return _estimate(grid, grid.means - pull @ jurors, own, moved @ moved.T, jurors, inverse)


def mean(grid: Grid) -> Estimate:
    """Plain means. Jurors' severities are shown all the same."""
    jurors, inverse = _jurors(grid)
    pull = grid.crossing / grid.team_counts[:, None]
    return _estimate(
        grid, grid.means, np.diag(1 / grid.team_counts), pull @ pull.T, jurors, inverse
    )


def median(grid: Grid) -> Estimate:
    """Medians. Of three sheets and more a median varies about π/2 times as much as a mean."""
    plain = mean(grid)
    by_team = np.split(
        grid.values[np.argsort(grid.team_of, kind="stable")], np.cumsum(grid.team_counts)[:-1]
    )
    more = np.where(grid.team_counts > 2, np.sqrt(MEDIAN_VARIANCE), 1.0)
    return Estimate(
        values=np.array([np.median(values) for values in by_team]),
        errors=plain.errors * more[:, None] * more[None, :],
        jurors=plain.jurors,
        juror_errors=plain.juror_errors,
    )


METHODS: dict[str, Method] = {"harmonised": harmonised, "mean": mean, "median": median}


def components(sheets: Iterable[Marked]) -> list[Grid]:
    """The sheets by linked parts, the one with most teams first.

    Raises ValueError if a juror has two sheets of one team.
    """
    sheets = list(sheets)
    if len({(sheet.juror, sheet.team) for sheet in sheets}) < len(sheets):
        raise ValueError("a juror has two sheets of one team")
    parts: dict[Any, list[Marked]] = {}
    roots = _roots(sheets)
    for sheet in sheets:
        parts.setdefault(roots("team", sheet.team), []).append(sheet)
    return sorted(map(_grid, parts.values()), key=lambda grid: -len(grid.teams))


def _jurors(grid: Grid) -> tuple[Floats, Floats]:
    inverse = np.linalg.inv(grid.between_jurors + np.eye(len(grid.jurors)))
    away = grid.by_juror(grid.values - grid.means[grid.team_of])
    return inverse @ away, inverse


def _estimate(
    grid: Grid, values: Floats, own: Floats, through_jurors: Floats, jurors: Floats, inverse: Floats
) -> Estimate:
    juror_errors = np.stack(
        [
            np.einsum("ij,jk,ki->i", inverse, grid.between_jurors, inverse, optimize=True),
            np.einsum("ij,ji->i", inverse, inverse),
        ]
    )
    return Estimate(values, np.stack([own, through_jurors]), jurors, juror_errors)


def _grid(sheets: Sequence[Marked]) -> Grid:
    teams = {team: i for i, team in enumerate(dict.fromkeys(s.team for s in sheets))}
    jurors = {juror: i for i, juror in enumerate(dict.fromkeys(s.juror for s in sheets))}
    return Grid(
        teams=list(teams),
        jurors=list(jurors),
        team_of=np.array([teams[s.team] for s in sheets]),
        juror_of=np.array([jurors[s.juror] for s in sheets]),
        values=np.array([float(s.value) for s in sheets]),
    )


def _roots(sheets: Iterable[Marked]) -> Callable[[str, Any], Any]:
    """Union-find over teams and jurors: which part each belongs to."""
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
