from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, zip_longest

from hackathon.event.editions.models import Department
from judging.ranking.departures import (
    Departure,
    MovedTeam,
    OrderChange,
    find_departures,
    order_change,
)
from judging.ranking.standings import Severity, Standing
from teams.models import Team


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
