"""No access check here: callers fetch the president's seat first."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from hackathon.editions.models import Department, Edition
from judging.enums import SheetState
from judging.jury.selectors import rules_of
from judging.models import Criterion, Deliberation, Juror, JuryRules, Recusal, Score, ScoreSheet
from judging.ranking import standings
from judging.ranking.departures import (
    Departure,
    MovedTeam,
    OrderChange,
    find_departures,
    order_change,
)
from judging.ranking.noise import Noise
from judging.ranking.standings import Key, Severity, Sheet, Standing, Total, Weighting
from teams.models import Team


@dataclass(frozen=True)
class MarkedSheet(Sheet):
    """`juror`, `team` and the keys of `marks` (criteria) are ids."""

    juror: int
    team: int
    marks: Mapping[int, Decimal]
    comment: str = ""


@dataclass(frozen=True)
class RankingInputs:
    department: Department
    rules: JuryRules
    criteria: list[Criterion]
    teams: dict[int, Team]
    sheets: list[MarkedSheet]
    noise: Noise

    @cached_property
    def totals(self) -> list[Total]:
        """Out of 20."""
        return standings.totals(self.sheets, weightings_of(self.criteria))

    @cached_property
    def digest(self) -> str:
        """The noise is left out: marks of other juries must not make a draft out of date."""
        inputs = {
            "method": self.rules.method,
            "separation": f"{self.rules.separation:.2f}",
            "criteria": sorted((c.pk, c.weight, c.scale) for c in self.criteria),
            "teams": sorted(self.teams),
            "sheets": sorted(
                (s.juror, s.team, sorted((k, str(v.normalize())) for k, v in s.marks.items()))
                for s in self.sheets
            ),
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class RankingResult:
    """Keys of teams and jurors are ids."""

    standings: list[Standing]
    groups: list[list[int]]
    jurors: list[Severity]
    not_ranked: list[int]

    @property
    def is_comparable(self) -> bool:
        return len({standing.component for standing in self.standings}) <= 1

    @property
    def tables(self) -> list[list[list[Standing]]]:
        """By component, the largest first: its groups of ex aequo, best first."""
        by_team = {standing.team: standing for standing in self.standings}
        tables: dict[int, list[list[Standing]]] = {}
        for group in self.groups:
            lines = [by_team[pk] for pk in group]
            tables.setdefault(lines[0].component, []).append(lines)
        return list(tables.values())


@dataclass(frozen=True)
class Comment:
    juror: str
    text: str


@dataclass(frozen=True)
class TeamStanding:
    """Out of 20. `tied_with` are the other teams of its group."""

    team: Team
    standing: Standing
    tied_with: list[Team]
    comments: list[Comment]

    @property
    def rank(self) -> int:
        return self.standing.rank

    @property
    def estimate(self) -> float:
        return self.standing.estimate

    @property
    def mean(self) -> float:
        return self.standing.mean

    @property
    def sheets(self) -> int:
        return self.standing.sheets

    @property
    def margin(self) -> float:
        return self.standing.margin


@dataclass(frozen=True)
class Table:
    """A component. The groups of ex aequo come best first."""

    groups: list[list[TeamStanding]]


@dataclass(frozen=True)
class DepartmentRanking:
    """`basis` is the current `RankingInputs.digest`."""

    department: Department
    method: str
    standings: list[TeamStanding]
    result: RankingResult
    not_ranked: list[Team]
    sheets: int
    basis: str

    @property
    def teams(self) -> list[Team]:
        return [standing.team for standing in self.standings] + self.not_ranked

    @property
    def team_names(self) -> dict[int, str]:
        return {team.pk: team.name for team in self.teams}

    @cached_property
    def tables(self) -> list[Table]:
        by_team = {standing.team.pk: standing for standing in self.standings}
        return [
            Table([[by_team[standing.team] for standing in group] for group in groups])
            for groups in self.result.tables
        ]

    @property
    def undecided(self) -> list[Team]:
        """The first groups of all tables: if they are several teams, their order is not known."""
        return [line.team for table in self.tables for line in table.groups[0]]

    @cached_property
    def order_change(self) -> OrderChange:
        return order_change(self.result.standings)

    @property
    def moved(self) -> list[tuple[Team, MovedTeam]]:
        teams = {team.pk: team for team in self.teams}
        return [(teams[moved.team], moved) for moved in self.order_change.moved]

    def departures(self, places: Mapping[int, int]) -> list[Departure]:
        """`places` are by team id."""
        return find_departures(self.result.standings, self.result.groups, places)


def ranking_of(department: Department) -> DepartmentRanking:
    """The recorded ranking once it is locked: marks of other juries would change its margins.

    A fixed number of queries.
    """
    inputs = ranking_inputs(department)
    locked = Deliberation.objects.filter(department=department, locked_at__isnull=False)
    record = locked.values_list("record", flat=True).first() or {}
    result = recorded_ranking(record) if "ranking" in record else compute_ranking(inputs)
    return department_ranking(inputs, result)


def ranking_inputs(department: Department) -> RankingInputs:
    """Seven queries for any number of departments: the noise is that of all juries."""
    sheets = marked_sheets(department.edition)
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    for criterion in Criterion.objects.filter(department__edition=department.edition_id):
        criteria[criterion.department_id].append(criterion)
    teams = Team.objects.present().filter(department=department)
    return RankingInputs(
        department=department,
        rules=rules_of(department),
        criteria=criteria[department.pk],
        teams={team.pk: team for team in teams},
        sheets=sheets.get(department.pk, []),
        noise=_noise(sheets, criteria),
    )


def compute_ranking(inputs: RankingInputs) -> RankingResult:
    ranking = standings.rank(
        inputs.totals,
        teams=inputs.teams,
        method=inputs.rules.method,
        separation=float(inputs.rules.separation),
        noise=inputs.noise,
    )
    return RankingResult(ranking.standings, ranking.groups, ranking.jurors, ranking.not_ranked)


def recorded_ranking(record: Mapping[str, Any]) -> RankingResult:
    """`record` is made at the lock (`judging.deliberation.services.records`)."""
    ranking = record["ranking"]
    return RankingResult(
        standings=[Standing(**standing) for standing in ranking["standings"]],
        groups=ranking["groups"],
        jurors=[Severity(**severity) for severity in ranking["jurors"]],
        not_ranked=ranking["not_ranked"],
    )


def department_ranking(inputs: RankingInputs, result: RankingResult) -> DepartmentRanking:
    """One query."""
    names = _juror_names(inputs.department)
    comments: dict[int, list[Comment]] = defaultdict(list)
    for sheet in inputs.sheets:
        if sheet.comment:
            comments[sheet.team].append(Comment(names[sheet.juror], sheet.comment))
    group_of = {pk: group for group in result.groups for pk in group}
    return DepartmentRanking(
        department=inputs.department,
        method=inputs.rules.method,
        standings=[
            TeamStanding(
                team=inputs.teams[s.team],
                standing=s,
                tied_with=[inputs.teams[pk] for pk in group_of[s.team] if pk != s.team],
                comments=comments[s.team],
            )
            for s in result.standings
        ],
        result=result,
        not_ranked=[inputs.teams[pk] for pk in result.not_ranked],
        sheets=len(inputs.sheets),
        basis=inputs.digest,
    )


def marked_sheets(edition: Edition | int) -> dict[int, list[MarkedSheet]]:
    """By department id. The same sheets as `judging.jury.readings.final_sheets`. Four queries.

    Filters in Python: for one SQL statement PostgreSQL takes minutes while its statistics are old.
    """
    marks: dict[int, dict[int, Decimal]] = defaultdict(dict)
    scores = Score.objects.filter(sheet__team__edition=edition, sheet__state=SheetState.FINAL)
    for sheet, criterion, value in scores.values_list("sheet_id", "criterion_id", "value"):
        marks[sheet][criterion] = value
    jurors = Juror.objects.counted().filter(department__edition=edition)
    seats = dict(jurors.values_list("pk", "department_id"))
    recused = set(Recusal.objects.filter(team__edition=edition).values_list("juror_id", "team_id"))
    by_department: dict[int, list[MarkedSheet]] = defaultdict(list)
    finished = ScoreSheet.objects.filter(
        team__edition=edition, team__absent_at=None, state=SheetState.FINAL
    )
    rows = finished.order_by("pk").values_list(
        "pk", "team__department_id", "juror_id", "team_id", "comment"
    )
    for pk, department, juror, team, comment in rows:
        if seats.get(juror) == department and (juror, team) not in recused:
            by_department[department].append(MarkedSheet(juror, team, marks[pk], comment))
    return by_department


def _noise(
    sheets: Mapping[int, Sequence[MarkedSheet]], criteria: Mapping[int, Iterable[Criterion]]
) -> Noise:
    """Pooled over the edition. Floats are precise enough for variances."""
    return standings.pooled_noise(
        standings.totals(sheets[department], weightings_of(criteria[department]), number=float)
        for department in sorted(sheets)
    )


def _juror_names(department: Department) -> dict[int, str]:
    jurors = Juror.objects.filter(department=department).select_related("user")
    return {juror.pk: juror.user.display_name for juror in jurors}


def weightings_of(criteria: Iterable[Criterion]) -> dict[Key, Weighting]:
    return {c.pk: Weighting(weight=c.weight, top=c.scale) for c in criteria}
