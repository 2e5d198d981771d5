from dataclasses import dataclass
from functools import cache

import numpy as np

from judging.plan.assignment import Problem, solve
from judging.ranking.standings import Total

LEVEL = 12.0  # mark out of 20 of an average team
UNIT = 2.5  # points for one standard deviation of the teams
HALF = 2  # marks are multiples of half a point


@dataclass(frozen=True)
class Case:
    """Standard deviations are relative to that of the teams."""

    teams: int
    jurors: int
    readings: int
    severity: float
    error: float


@dataclass(frozen=True)
class Jury:
    """The teams' qualities, the teams of each juror, and the mark of every juror for every team."""

    case: Case
    quality: np.ndarray
    readers: dict[str, list[str]]
    marks: np.ndarray

    def total(self, juror: str, team: str) -> Total:
        return Total(juror, team, float(self.marks[int(team), int(juror)]))

    @property
    def totals(self) -> list[Total]:
        return [self.total(j, t) for j, teams in self.readers.items() for t in teams]


def draw(case: Case, seed: int) -> Jury:
    """There are only 50 different assignments, for speed."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(0, 1, case.teams)
    severity = rng.normal(0, case.severity, case.jurors)
    error = rng.normal(0, case.error, (case.teams, case.jurors))
    raw = LEVEL + UNIT * (quality[:, None] + severity[None, :] + error)
    marks = np.clip(np.round(HALF * raw) / HALF, 0, 20)
    return Jury(case, quality, _readers(case.teams, case.jurors, case.readings, seed % 50), marks)


@cache
def _readers(teams: int, jurors: int, readings: int, seed: int) -> dict[str, list[str]]:
    names = [str(i) for i in range(teams)], [str(i) for i in range(jurors)]
    return solve(Problem(*names, readings=readings, seed=seed)).assignments
