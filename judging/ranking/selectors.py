"""No access check here: callers fetch the president's seat first."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, zip_longest
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
    """`wanted`: readings that each team should have, by id."""

    department: Department
    rules: JuryRules
    criteria: list[Criterion]
    teams: dict[int, Team]
    sheets: list[MarkedSheet]
    noise: Noise
    wanted: dict[int, int]

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
    """Keys of teams and jurors are ids. `pairs`: the probability of the order of two teams, the
    higher estimate first. `reliabilities`: by component. Both, and `wanted`, are empty in records
    of older versions.
    """

    standings: list[Standing]
    groups: list[list[int]]
    jurors: list[Severity]
    not_ranked: list[int]
    pairs: dict[tuple[int, int], float] = field(default_factory=dict)
    reliabilities: list[float | None] = field(default_factory=list)
    wanted: dict[int, int] = field(default_factory=dict)

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

    def close_borders(self, separation: float) -> dict[int, tuple[int, float]]:
        """Where the neighbours of two groups are not separated: by the first team of the lower
        group, the last team of the upper one, and the probability of their order.
        """
        neighbours = [(above[-1], below[0]) for above, below in pairwise(self.groups)]
        return {
            below: (above, self.pairs[above, below])
            for above, below in neighbours
            if self.pairs.get((above, below), 1) < separation
        }


@dataclass(frozen=True)
class Comment:
    juror: str
    text: str


@dataclass(frozen=True)
class CloseTeam:
    """`chance`: that the better placed of the two is truly better."""

    team: Team
    is_before: bool
    chance: float


@dataclass(frozen=True)
class TeamStanding:
    """Out of 20. `tied_with` are the other teams of its group, `close` those of other groups that
    the marks do not separate from it either. `wanted`: readings that it should have.
    """

    team: Team
    standing: Standing
    tied_with: list[Team]
    close: list[CloseTeam]
    comments: list[Comment]
    wanted: int = 0
    read_once: bool = False

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

    @property
    def is_provisional(self) -> bool:
        return self.sheets < self.wanted


@dataclass(frozen=True)
class Table:
    """A component. The groups of ex aequo come best first. `reliability` is None if unknown."""

    groups: list[list[TeamStanding]]
    reliability: float | None = None

    @property
    def lines(self) -> list[TeamStanding]:
        return [line for group in self.groups for line in group]

    @property
    def mean_readings(self) -> float:
        return sum(line.sheets for line in self.lines) / len(self.lines)


@dataclass(frozen=True)
class DepartmentRanking:
    """`basis` is the current `RankingInputs.digest`."""

    department: Department
    method: str
    separation: float
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
        tables = self.result.tables
        return [
            Table([[by_team[s.team] for s in group] for group in groups], reliability)
            for groups, reliability in zip_longest(tables, self.result.reliabilities[: len(tables)])
        ]

    @property
    def borders(self) -> dict[int, tuple[str, float]]:
        """`RankingResult.close_borders`, with the names of the upper teams."""
        names = self.team_names
        close = self.result.close_borders(self.separation)
        return {below: (names[above], chance) for below, (above, chance) in close.items()}

    @property
    def provisional(self) -> list[TeamStanding]:
        return [line for line in self.standings if line.is_provisional]

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
    """Nine queries for any number of departments: the noise is that of all juries."""
    sheets = marked_sheets(department.edition)
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    for criterion in Criterion.objects.filter(department__edition=department.edition_id):
        criteria[criterion.department_id].append(criterion)
    teams = {team.pk: team for team in Team.objects.present().filter(department=department)}
    rules = rules_of(department)
    return RankingInputs(
        department=department,
        rules=rules,
        criteria=criteria[department.pk],
        teams=teams,
        sheets=sheets.get(department.pk, []),
        noise=_noise(sheets, criteria),
        wanted=_wanted_readings(department, teams, rules.readings),
    )


def compute_ranking(inputs: RankingInputs) -> RankingResult:
    ranking = standings.rank(
        inputs.totals,
        teams=inputs.teams,
        method=inputs.rules.method,
        separation=float(inputs.rules.separation),
        noise=inputs.noise,
    )
    return RankingResult(
        standings=ranking.standings,
        groups=ranking.groups,
        jurors=ranking.jurors,
        not_ranked=ranking.not_ranked,
        pairs={(above, below): p for above, below, p in ranking.pairs()},
        reliabilities=[order.reliability for order in ranking.orders],
        wanted=inputs.wanted,
    )


def recorded_ranking(record: Mapping[str, Any]) -> RankingResult:
    """`record` is made at the lock (`judging.deliberation.services.records`)."""
    ranking = record["ranking"]
    return RankingResult(
        standings=[Standing(**standing) for standing in ranking["standings"]],
        groups=ranking["groups"],
        jurors=[Severity(**severity) for severity in ranking["jurors"]],
        not_ranked=ranking["not_ranked"],
        pairs={(above, below): p for above, below, p in ranking.get("pairs", ())},
        reliabilities=ranking.get("reliabilities", []),
        wanted=dict(ranking.get("wanted", ())),
    )


def department_ranking(inputs: RankingInputs, result: RankingResult) -> DepartmentRanking:
    """One query."""
    names = _juror_names(inputs.department)
    comments: dict[int, list[Comment]] = defaultdict(list)
    for sheet in inputs.sheets:
        if sheet.comment:
            comments[sheet.team].append(Comment(names[sheet.juror], sheet.comment))
    group_of = {pk: group for group in result.groups for pk in group}
    separation = float(inputs.rules.separation)
    close = _close_teams(result, separation, inputs.teams)
    return DepartmentRanking(
        department=inputs.department,
        method=inputs.rules.method,
        separation=separation,
        standings=[
            TeamStanding(
                team=inputs.teams[s.team],
                standing=s,
                tied_with=[inputs.teams[pk] for pk in group_of[s.team] if pk != s.team],
                close=close[s.team],
                comments=comments[s.team],
                wanted=result.wanted.get(s.team, 0),
                read_once=_is_joined(result, separation, group_of[s.team]),
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


def _close_teams(
    result: RankingResult, separation: float, teams: Mapping[int, Team]
) -> dict[int, list[CloseTeam]]:
    """Of other groups. By team id, in the order of the ranking."""
    group_of = {pk: number for number, group in enumerate(result.groups) for pk in group}
    close: dict[int, list[CloseTeam]] = defaultdict(list)
    for (above, below), chance in result.pairs.items():
        if chance < separation and group_of[above] != group_of[below]:
            close[below].append(CloseTeam(teams[above], True, chance))
            close[above].append(CloseTeam(teams[below], False, chance))
    return close


def _is_joined(result: RankingResult, separation: float, group: Sequence[int]) -> bool:
    """Only then a pair of a group is separated (`standings.groups_of`)."""
    return len(group) == 2 and result.pairs.get((group[0], group[1]), 0) >= separation


def _wanted_readings(department: Department, teams: Iterable[int], readings: int) -> dict[int, int]:
    """`readings`, or fewer if fewer jurors may read the team. Two queries."""
    jurors = Juror.objects.seated().filter(department=department).count()
    recusals = Recusal.objects.filter(
        juror__department=department, juror__in=Juror.objects.seated()
    )
    recused = Counter(recusals.values_list("team_id", flat=True))
    return {pk: min(readings, jurors - recused[pk]) for pk in teams}


def _juror_names(department: Department) -> dict[int, str]:
    jurors = Juror.objects.filter(department=department).select_related("user")
    return {juror.pk: juror.user.display_name for juror in jurors}


def weightings_of(criteria: Iterable[Criterion]) -> dict[Key, Weighting]:
    return {c.pk: Weighting(weight=c.weight, top=c.scale) for c in criteria}
