"""The progress of all teams. Each is shown as a window of the school's façade, on its floor."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from hackathon.base.core.errors import NotFound
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Department, Edition
from submissions.budget.selectors import space
from submissions.enums import ProgressState
from submissions.models import Deliverable, Submission
from submissions.storage import Space
from submissions.versions.progress import TeamProgress, progress_of
from submissions.versions.viewers import PERIOD
from teams.floors import RoomOrder, by_floor, by_room
from teams.models import Team

ROW = 18  # windows per row of the façade; a floor with more teams takes several rows
SHOWN_AT_MOST = 100  # windows on a page; of more teams only those of one department are shown
LEAST_COLUMNS = 8  # so that three windows don't fill the width of a floor
BIN = timedelta(minutes=5)
MISSING = (ProgressState.NOTHING, ProgressState.SOMETHING)
# Messages that change the board, and those that change the figures.
BOARD = f"{PERIOD} team window deliverable submission"
FIGURES = "submission edition"


@dataclass(frozen=True)
class Counts:
    nothing: int = 0
    something: int = 0
    complete: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        return self.nothing + self.something + self.complete + self.late


class Window(NamedTuple):
    """All that the control room shows of a team. `missing`: names of deliverables."""

    pk: int
    code: str
    name: str
    room: str
    state: ProgressState
    received: int
    total: int
    missing: tuple[str, ...]
    delay_minutes: int


def windows(teams: Iterable[TeamProgress]) -> tuple[Window, ...]:
    return tuple(
        Window(
            pk=progress.team.pk,
            code=progress.department.code,
            name=progress.team.name,
            room=progress.team.room,
            state=progress.state,
            received=progress.received,
            total=progress.total,
            missing=tuple(deliverable.name for deliverable in progress.missing),
            delay_minutes=progress.delay_minutes,
        )
        for progress in teams
    )


@dataclass(frozen=True)
class DepartmentLine:
    department: Department
    teams: list[TeamProgress]
    counts: Counts

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        return windows(self.teams)


@dataclass(frozen=True)
class FacadeRow:
    """`floor` and `department` are None in a continuation row. `padding` aligns the rows."""

    floor: int | None
    department: Department | None
    teams: list[TeamProgress]
    padding: range = range(0)


@dataclass(frozen=True)
class FloorLine:
    floor: int | None
    teams: list[TeamProgress]

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        return windows(self.teams)

    @property
    def key(self) -> str:
        """In addresses."""
        return "none" if self.floor is None else str(self.floor)


@dataclass(frozen=True)
class OwnDeadline:
    """Of a deliverable that is due at another instant than the rest. `missing`: the teams that are
    there and have not handed it in, by room.
    """

    deliverable: Deliverable
    department: Department
    due_at: datetime  # without Extensions
    received: int = 0
    missing: list[Team] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.received + len(self.missing)


@dataclass(frozen=True)
class Board:
    teams: list[TeamProgress]
    lines: list[DepartmentLine]
    counts: Counts
    silent: list[FloorLine] = field(default_factory=list)

    @cached_property
    def broken(self) -> list[TeamProgress]:
        """Teams with a counting version that does not open, by room."""
        return sorted((t for t in self.teams if t.broken), key=_by_room)

    @cached_property
    def broken_count(self) -> int:
        return sum(len(team.broken) for team in self.teams)

    @property
    def is_large(self) -> bool:
        """Departments are folded."""
        return len(self.teams) > SHOWN_AT_MOST

    @property
    def silent_is_large(self) -> bool:
        """Floors are folded."""
        return self.silent_count > SHOWN_AT_MOST

    @cached_property
    def silent_count(self) -> int:
        return sum(len(line.teams) for line in self.silent)

    @cached_property
    def partly_count(self) -> int:
        return len(in_state(self.teams, ProgressState.SOMETHING))

    @cached_property
    def own(self) -> list[OwnDeadline]:
        return own_deadlines(self.teams)

    @cached_property
    def rows(self) -> list[FacadeRow]:
        return facade(self.teams)


def board(edition: Edition) -> Board:
    """Five queries, six if a deposit does not open. The caller checks the permission."""
    departments = list(edition.departments.all())
    progress = progress_of(edition, departments=departments)
    by_department: defaultdict[int, list[TeamProgress]] = defaultdict(list)
    for team in progress:
        by_department[team.department.pk].append(team)
    lines = [
        DepartmentLine(department, teams, count(teams))
        for department in departments
        for teams in [by_department[department.pk]]
    ]
    return Board(progress, lines, count(progress), silent(progress))


def shared_board(edition: Edition) -> Board:
    """The same for all pages until it changes. No query then, else those of `board`."""
    return once(edition, "board", board, BOARD)


def count(teams: Iterable[TeamProgress]) -> Counts:
    numbers = dict.fromkeys(ProgressState.values, 0)
    for team in teams:
        numbers[team.state.value] += 1
    return Counts(**numbers)


def in_state(teams: Iterable[TeamProgress], state: ProgressState) -> list[TeamProgress]:
    """Those that a number, a list or a message about `state` means: nothing is missing of an absent
    team, nor of one that is asked for nothing. `Counts` are of windows, which every team has.
    """
    matching = [team for team in teams if team.state == state]
    if state in MISSING:
        return [team for team in matching if team.total and team.team.absent_at is None]
    return matching


def silent(teams: Iterable[TeamProgress]) -> list[FloorLine]:
    """Teams that have handed in nothing, lowest floor first, as an organizer walks to them."""
    nothing = in_state(teams, ProgressState.NOTHING)
    floors = by_floor(nothing, floor_of=lambda team: team.team.floor, order=_by_room)
    return [FloorLine(floor.number, floor.found) for floor in floors]


def own_deadlines(teams: Iterable[TeamProgress]) -> list[OwnDeadline]:
    """By instant."""
    works = [(work, team) for team in sorted(teams, key=_by_room) for work in team.own]
    by_deliverable: dict[int, OwnDeadline] = {}
    for (deliverable, _deadline_at, is_received), team in works:
        assert deliverable.due_at is not None
        new = OwnDeadline(deliverable, team.department, deliverable.due_at)
        line = by_deliverable.setdefault(deliverable.pk, new)
        if is_received:
            by_deliverable[deliverable.pk] = replace(line, received=line.received + 1)
        elif team.team.absent_at is None:
            line.missing.append(team.team)
    return sorted(by_deliverable.values(), key=lambda own: (own.due_at, own.department.position))


def facade(teams: Sequence[TeamProgress]) -> list[FacadeRow]:
    """Floors from the top down, then the teams without a floor. With many teams the rows are
    longer, three times as long as there are rows.
    """
    row = max(ROW, math.ceil(math.sqrt(3 * len(teams)))) if len(teams) > SHOWN_AT_MOST else ROW
    floors: defaultdict[int, list[TeamProgress]] = defaultdict(list)
    without_floor: dict[int, list[TeamProgress]] = {}
    for team in teams:
        if team.team.floor is None:
            without_floor.setdefault(team.department.pk, []).append(team)
        else:
            floors[team.team.floor].append(team)
    rows: list[FacadeRow] = []
    for floor in sorted(floors, reverse=True):
        for index, part in enumerate(_split(sorted(floors[floor], key=_by_room), row)):
            rows.append(FacadeRow(None if index else floor, None, part))
    for of_department in without_floor.values():
        for index, part in enumerate(_split(of_department, row)):
            department = None if index else of_department[0].department
            rows.append(FacadeRow(None, department, part))
    columns = max([LEAST_COLUMNS, *(len(row.teams) for row in rows)])
    return [
        FacadeRow(row.floor, row.department, row.teams, range(columns - len(row.teams)))
        for row in rows
    ]


def _split(teams: list[TeamProgress], row: int) -> list[list[TeamProgress]]:
    parts = math.ceil(len(teams) / row)
    size = math.ceil(len(teams) / parts)
    return [teams[start : start + size] for start in range(0, len(teams), size)]


def _by_room(progress: TeamProgress) -> RoomOrder:
    return by_room(progress.team)


# ---------------------------------------------------------------- the control room's figures


@dataclass(frozen=True)
class Figures:
    """`received` is in bytes."""

    deposits: int
    received: int
    space: Space
    bins: list[int]  # deposits in each `BIN`
    since: datetime


@dataclass(frozen=True)
class _Received:
    """`bins`: deposits by the number of their bin, from the launch until the juries begin."""

    deposits: int
    size: int
    bins: Counter[int]


def _received(edition: Edition) -> _Received:
    rows = Submission.objects.filter(team__edition=edition).order_by()
    received = rows.values_list("received_at", "size")
    since, until = edition.starts_at, edition.judging_opens_at
    return _Received(
        deposits=len(received),
        size=sum(size for _at, size in received),
        bins=Counter((at - since) // BIN for at, _size in received if since <= at <= until),
    )


def figures(edition: Edition, *, at: datetime) -> Figures:
    """One query, and another one after each deposit."""
    received = once(edition, "received", _received, FIGURES)
    until = min(at, edition.judging_opens_at)
    # Rounded up: the last one may be incomplete.
    bins = [0] * max(0, min(600, -(-(until - edition.starts_at) // BIN)))
    for index, count in received.bins.items() if bins else ():
        bins[min(index, len(bins) - 1)] += count
    return Figures(
        deposits=received.deposits,
        received=received.size,
        space=space(at=at),
        bins=bins,
        since=edition.starts_at,
    )


def get_team(edition: Edition, pk: int) -> Team:
    """Raises `NotFound`. The caller checks the permission."""
    teams = Team.objects.select_related("department", "edition")
    team = teams.filter(edition=edition, pk=pk).first()
    if team is None:
        raise NotFound
    return team
