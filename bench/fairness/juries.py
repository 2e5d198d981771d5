"""Juries that are invented: teams, severities and errors are drawn, the truth is kept."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from judging.plan.assignment import Problem, solve
from judging.ranking.standings import Total

LEVEL, UNIT = 12.0, 2.5  # a mark out of 20 for an average team, and points for one deviation
HALF = 2  # marks go by half points


@dataclass(frozen=True)
class Case:
    """Sizes, and standard deviations of severities and errors, where teams' is 1."""

    teams: int
    jurors: int
    readings: int
    severity: float
    error: float


@dataclass(frozen=True)
class Jury:
    """What was drawn: the teams' quality, who reads whom, and how a juror would mark a team."""

    case: Case
    quality: np.ndarray
    readers: dict[str, list[str]]
    marks: np.ndarray

    def total(self, juror: str, team: str) -> Total:
        """The sheet this juror writes of this team."""
        return Total(juror, team, float(self.marks[int(team), int(juror)]))

    @property
    def totals(self) -> list[Total]:
        """All that were assigned."""
        return [self.total(j, t) for j, teams in self.readers.items() for t in teams]


def draw(case: Case, seed: int) -> Jury:
    """One jury, the same for the same seed. Every fiftieth has an assignment of its own."""
    chance = np.random.default_rng(seed)
    quality = chance.normal(0, 1, case.teams)
    severity = chance.normal(0, case.severity, case.jurors)
    error = chance.normal(0, case.error, (case.teams, case.jurors))
    raw = LEVEL + UNIT * (quality[:, None] + severity[None, :] + error)
    marks = np.clip(np.round(HALF * raw) / HALF, 0, 20)
    return Jury(case, quality, _readers(case.teams, case.jurors, case.readings, seed % 50), marks)


@cache
def _readers(teams: int, jurors: int, readings: int, seed: int) -> dict[str, list[str]]:
    names = [str(i) for i in range(teams)], [str(i) for i in range(jurors)]
    return solve(Problem(*names, readings=readings, seed=seed)).assignments
