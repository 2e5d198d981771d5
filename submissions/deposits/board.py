"""The windows of an edition, as the control room, the projector and the public page show them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Sum

from hackathon.core.errors import NotFound
from hackathon.editions.models import Department, Edition
from submissions.deposits import selectors
from submissions.deposits.selectors import TeamProgress
from submissions.enums import ProgressState
from submissions.models import Submission
from submissions.transfers import disk
from submissions.transfers import selectors as transfers_selectors
from teams.floors import by_floor
from teams.models import Team

ROW = 18  # windows side by side on the façade; longer rows go on below
LEAST_COLUMNS = 8  # so that three windows don't fill a floor
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Counts:
    """How many windows are in each state."""

    nothing: int = 0
    something: int = 0
    complete: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        """All windows."""
        return self.nothing + self.something + self.complete + self.late


@dataclass(frozen=True)
class DepartmentLine:
    """A department and its teams' windows."""

    department: Department
    teams: list[TeamProgress]
    counts: Counts


@dataclass(frozen=True)
class FacadeRow:
    """A row of the façade: a floor, or the teams of a department that have none.

    `floor` and `department` are None where a row goes on below; `padding` keeps rows aligned.
    """

    floor: int | None
    department: Department | None
    teams: list[TeamProgress]
    padding: range = range(0)


@dataclass(frozen=True)
class FloorLine:
    """Teams of one floor, by room."""

    floor: int | None
    teams: list[TeamProgress]


@dataclass(frozen=True)
class Board:
    """Everything about the windows, from one reading."""

    teams: list[TeamProgress]
    lines: list[DepartmentLine]
    counts: Counts
    silent: list[FloorLine] = field(default_factory=list)

    @property
    def broken(self) -> list[TeamProgress]:
        """Teams of whom something that counts does not open, the way one walks to them."""
        return sorted((t for t in self.teams if t.broken), key=lambda t: _by_room(t))

    @property
    def broken_count(self) -> int:
        """How many deposits that is."""
        return sum(len(team.broken) for team in self.teams)

    @property
    def silent_count(self) -> int:
        """How many teams have handed in nothing of what they are asked for."""
        return sum(len(line.teams) for line in self.silent)

    @property
    def rows(self) -> list[FacadeRow]:
        """The façade, top floor first."""
        return facade(self.teams)


def board(edition: Edition) -> Board:
    """The windows now. Five queries, however many teams. The caller has checked who asks."""
    progress = selectors.progress(edition)
    by_department: defaultdict[int, list[TeamProgress]] = defaultdict(list)
    for team in progress:
        by_department[team.department.pk].append(team)
    lines = [
        DepartmentLine(department, teams, count(teams))
        for department in edition.departments.all()
        for teams in [by_department[department.pk]]
    ]
    return Board(progress, lines, count(progress), silent(progress))


def count(teams: Iterable[TeamProgress]) -> Counts:
    """Windows by state."""
    found = dict.fromkeys(ProgressState.values, 0)
    for team in teams:
        found[team.state.value] += 1
    return Counts(**found)


def silent(teams: Iterable[TeamProgress]) -> list[FloorLine]:
    """Who has handed in nothing though something is asked, floor by floor from the ground up: the
    way one walks to them. Those without a floor come last.
    """
    mute = [team for team in teams if team.state == ProgressState.NOTHING and team.total]
    floors = by_floor(mute, floor_of=lambda team: team.team.floor, order=_by_room)
    return [FloorLine(floor.number, floor.found) for floor in floors]


def facade(teams: Sequence[TeamProgress]) -> list[FacadeRow]:
    """Rows of at most `ROW` windows: floors from the top down, then teams without a floor."""
    floors: defaultdict[int, list[TeamProgress]] = defaultdict(list)
    homeless: dict[int, list[TeamProgress]] = {}
    for team in teams:
        if team.team.floor is None:
            homeless.setdefault(team.department.pk, []).append(team)
        else:
            floors[team.team.floor].append(team)
    rows: list[FacadeRow] = []
    for floor in sorted(floors, reverse=True):
        for index, part in enumerate(_cut(sorted(floors[floor], key=_by_room))):
            rows.append(FacadeRow(None if index else floor, None, part))
    for own in homeless.values():
        for index, part in enumerate(_cut(own)):
            rows.append(FacadeRow(None, None if index else own[0].department, part))
    columns = max([LEAST_COLUMNS, *(len(row.teams) for row in rows)])
    return [
        FacadeRow(row.floor, row.department, row.teams, range(columns - len(row.teams)))
        for row in rows
    ]


def _cut(teams: list[TeamProgress]) -> list[list[TeamProgress]]:
    """Parts of about the same length, none above `ROW`."""
    parts = -(-len(teams) // ROW)
    size = -(-len(teams) // parts)
    return [teams[start : start + size] for start in range(0, len(teams), size)]


def _by_room(progress: TeamProgress) -> tuple[str, str]:
    return progress.team.room, progress.team.name


# ---------------------------------------------------------------- the control room's figures


@dataclass(frozen=True)
class Figures:
    """What was received so far, when, and how much more there is room for. Sizes in bytes."""

    deposits: int
    received: int
    space: disk.Space
    quarters: list[int]
    since: datetime


def figures(edition: Edition, *, at: datetime) -> Figures:
    """What came in, and per quarter of an hour from the launch until `at`. Three queries."""
    deposits = Submission.objects.filter(team__edition=edition)
    totals = deposits.aggregate(n=Count("pk"), size=Sum("size"))
    until = min(at, edition.judging_opens_at)
    quarters = [0] * max(0, min(400, -(-(until - edition.starts_at) // QUARTER)))
    instants = deposits.filter(received_at__gte=edition.starts_at, received_at__lte=until)
    for received_at in instants.order_by().values_list("received_at", flat=True):
        index = (received_at - edition.starts_at) // QUARTER
        quarters[min(index, len(quarters) - 1)] += 1
    return Figures(
        deposits=totals["n"],
        received=totals["size"] or 0,
        space=disk.space(transfers_selectors.under_way(at=at).announced, at=at),
        quarters=quarters,
        since=edition.starts_at,
    )


def get_team(edition: Edition, pk: int) -> Team:
    """A team of an edition whose organizer asks. Raises `NotFound`."""
    teams = Team.objects.select_related("department", "edition")
    team = teams.filter(edition=edition, pk=pk).first()
    if team is None:
        raise NotFound
    return team
