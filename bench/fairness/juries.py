from dataclasses import dataclass
from functools import cache

import numpy as np

from judging.plan.assignment import Problem, solve
from judging.ranking.standings import Total

LEVEL = 12.0  # mark out of 20 of an average team
UNIT = 2.5  # points for one standard deviation of the teams
PLANS = 50  # different assignments, for speed
HALF = 2  # marks are multiples of half a point


@dataclass(frozen=True)
class Case:
    """Standard deviations are relative to that of the teams.

    `scales`: of the logarithm of the factor by which a juror stretches differences between teams.
    `conflicts`: how many teams have a juror who must not read them.
    """

    teams: int
    jurors: int
    readings: int
    severity: float
    error: float
    scales: float = 0.0
    conflicts: float = 0.0


@dataclass(frozen=True)
class Jury:
    """The teams' qualities, the teams of each juror, and the mark of every juror for every team.

    The last row of `marks` has the marks of the common work, which no team made.
    """

    case: Case
    quality: np.ndarray
    readers: dict[str, list[str]]
    marks: np.ndarray
    recused: frozenset[tuple[str, str]]

    def total(self, juror: str, team: str) -> Total:
        return Total(juror, team, float(self.marks[int(team), int(juror)]))

    @property
    def totals(self) -> list[Total]:
        return [self.total(j, t) for j, teams in self.readers.items() for t in teams]


def draw(case: Case, seed: int) -> Jury:
    rng = np.random.default_rng(seed)
    quality = rng.normal(0, 1, case.teams)
    severity = rng.normal(0, case.severity, case.jurors)
    error = rng.normal(0, case.error, (case.teams, case.jurors))
    scale = np.exp(rng.normal(0, case.scales, case.jurors))
    works = np.append(quality, rng.normal())
    errors = np.vstack([error, rng.normal(0, case.error, case.jurors)])
    raw = LEVEL + UNIT * (works[:, None] * scale + severity + errors)
    marks = np.clip(np.round(HALF * raw) / HALF, 0, 20)
    recused = _recused(case, seed % PLANS)
    return Jury(case, quality, plan(case, seed % PLANS), marks, recused)


@cache
def plan(case: Case, seed: int) -> dict[str, list[str]]:
    teams, jurors = [str(i) for i in range(case.teams)], [str(i) for i in range(case.jurors)]
    recused: dict[str, list[str]] = {}
    for juror, team in sorted(_recused(case, seed)):
        recused.setdefault(juror, []).append(team)
    problem = Problem(teams, jurors, readings=case.readings, recused=recused, seed=seed)
    return solve(problem).assignments


def _recused(case: Case, seed: int) -> frozenset[tuple[str, str]]:
    rng = np.random.default_rng(seed)
    jurors = rng.integers(case.jurors, size=case.teams)
    concerned = rng.random(case.teams) < case.conflicts
    return frozenset((str(jurors[t]), str(t)) for t in np.flatnonzero(concerned))
