"""Only counts and states: organizers must not see marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations

from django.db.models import Q

from hackathon.event.editions.models import Department
from judging.enums import ReadingKind, SheetState
from judging.jury.readings import Pair, recused_pairs, sheet_states
from judging.jury.selectors import is_locked, rules_of, scoring_has_begun
from judging.models import Assignment, Juror, JuryRules
from judging.plan import assignment
from teams.models import Team


class ReadingState(StrEnum):
    FINAL = "final"
    DRAFT = "draft"
    PLANNED = "planned"
    RECUSED = "recused"
    NONE = "none"


COUNTS = (ReadingState.FINAL, ReadingState.DRAFT, ReadingState.PLANNED)


@dataclass(frozen=True)
class Cell:
    juror: Juror
    team: Team
    reading: ReadingState
    position: int  # in the juror's order; without a plan in that of all teams


@dataclass(frozen=True)
class JurorLine:
    juror: Juror
    cells: list[Cell]

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def done(self) -> int:
        return sum(cell.reading == ReadingState.FINAL for cell in self.cells)

    @property
    def drafts(self) -> int:
        return sum(cell.reading == ReadingState.DRAFT for cell in self.cells)


@dataclass(frozen=True)
class TeamLine:
    """`able` jurors may read the team or have read it. The rules want `wanted` readings."""

    team: Team
    cells: list[Cell]
    wanted: int
    able: int
    seated: int

    @property
    def done(self) -> int:
        return sum(cell.reading == ReadingState.FINAL for cell in self.cells)

    @property
    def planned(self) -> int:
        return sum(cell.reading in COUNTS for cell in self.cells)

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.planned)

    @property
    def recused(self) -> int:
        return sum(cell.reading == ReadingState.RECUSED for cell in self.cells)

    @property
    def is_repairable(self) -> bool:
        return self.missing > 0 and self.able > self.planned


@dataclass(frozen=True)
class PlanPage:
    """`planned` is false if every juror reads every team. `gone` have left the jury."""

    department: Department
    rules: JuryRules
    planned: bool
    begun: bool
    locked: bool
    jurors: list[JurorLine]
    gone: list[JurorLine]
    teams: list[TeamLine]
    absent: list[Team]

    @property
    def done(self) -> int:
        return sum(line.done for line in self.teams)

    @property
    def total(self) -> int:
        return sum(line.planned for line in self.teams)

    @property
    def short(self) -> list[TeamLine]:
        return [line for line in self.teams if line.missing]

    @property
    def is_repairable(self) -> bool:
        if not self.planned:
            return False
        return any(line.is_repairable for line in self.short) or self.could_be_more_even

    @cached_property
    def quality(self) -> assignment.Quality:
        shares = {
            str(line.juror.pk): [str(cell.team.pk) for cell in line.cells]
            for line in [*self.jurors, *self.gone]
        }
        return assignment.quality(shares, [str(line.juror.pk) for line in self.jurors])

    @property
    def loads(self) -> tuple[int, int]:
        """Fewest and most teams of a juror."""
        totals = [line.total for line in self.jurors] or [0]
        return min(totals), max(totals)

    @property
    def overlaps(self) -> tuple[int, int]:
        """Fewest and most teams that two jurors share."""
        sets = [{cell.team.pk for cell in line.cells} for line in self.jurors]
        shared = [len(a & b) for a, b in combinations(sets, 2)] or [0]
        return min(shared), max(shared)

    @property
    def could_be_more_even(self) -> bool:
        least, most = self.loads
        if most - least < 2:
            return False
        few = [line for line in self.jurors if line.total == least]
        return any(
            giver.total == most and self._could_go_to(few, cell.team)
            for giver in self.jurors
            for cell in giver.cells
            if cell.reading == ReadingState.PLANNED
        )

    def _could_go_to(self, few: list[JurorLine], team: Team) -> bool:
        cells = next(line.cells for line in self.teams if line.team.pk == team.pk)
        free = {cell.juror.pk for cell in cells if cell.reading == ReadingState.NONE}
        return any(line.juror.pk in free for line in few)


def plan_of(department: Department) -> PlanPage:
    """Second readings are left out: they would show who leads. A fixed number of queries."""
    jurors = list(Juror.objects.counted().filter(department=department).select_related("user"))
    every = list(Team.objects.filter(department=department).select_related("absent_by"))
    teams = [team for team in every if team.absent_at is None]
    rows = {
        (row.juror_id, row.team_id): row
        for row in Assignment.objects.filter(juror__department=department)
    }
    seconds = {pair for pair, row in rows.items() if row.kind == ReadingKind.SECOND}
    rows = {pair: row for pair, row in rows.items() if pair not in seconds}
    planned = any(row.kind == ReadingKind.PLANNED for row in rows.values())
    states = sheet_states(Q(team__department=department))
    states = {pair: state for pair, state in states.items() if pair not in seconds}
    recused = recused_pairs(Q(juror__department=department))
    cells = {
        (juror.pk, team.pk): _cell(juror, team, place, rows, states, recused, planned=planned)
        for juror in jurors
        for place, team in enumerate(teams)
    }
    lines = [_juror_line(juror, teams, cells) for juror in jurors]
    seated = [line for line in lines if line.juror.left_at is None]
    gone = [line for line in lines if line.juror.left_at is not None and line.cells]
    shown = [line.juror for line in [*seated, *gone]]
    rules = rules_of(department)
    return PlanPage(
        department=department,
        rules=rules,
        planned=planned,
        begun=scoring_has_begun(department),
        locked=is_locked(department),
        jurors=seated,
        gone=gone,
        teams=[_team_line(team, shown, cells, rules.readings) for team in teams],
        absent=[team for team in every if team.absent_at is not None],
    )


def _cell(
    juror: Juror,
    team: Team,
    place: int,
    rows: Mapping[Pair, Assignment],
    states: Mapping[Pair, str],
    recused: set[Pair],
    *,
    planned: bool,
) -> Cell:
    pair = (juror.pk, team.pk)
    row = rows.get(pair)
    state = states.get(pair)
    reading = ReadingState.NONE
    if pair in recused:
        reading = ReadingState.RECUSED
    elif state == SheetState.FINAL:
        reading = ReadingState.FINAL
    elif juror.left_at is not None:
        reading = ReadingState.NONE
    elif row is not None or not planned:
        reading = ReadingState.DRAFT if state == SheetState.DRAFT else ReadingState.PLANNED
    return Cell(
        juror=juror,
        team=team,
        reading=reading,
        position=row.position if row is not None and planned else place,
    )


def _juror_line(juror: Juror, teams: list[Team], cells: Mapping[Pair, Cell]) -> JurorLine:
    mine = [cells[juror.pk, team.pk] for team in teams]
    return JurorLine(
        juror=juror,
        cells=sorted(
            (cell for cell in mine if cell.reading in COUNTS), key=lambda cell: cell.position
        ),
    )


def _team_line(
    team: Team, jurors: list[Juror], cells: Mapping[Pair, Cell], wanted: int
) -> TeamLine:
    row = [cells[juror.pk, team.pk] for juror in jurors]
    return TeamLine(
        team=team,
        cells=row,
        wanted=wanted,
        able=sum(
            cell.reading in COUNTS
            or (cell.reading == ReadingState.NONE and cell.juror.left_at is None)
            for cell in row
        ),
        seated=sum(juror.left_at is None for juror in jurors),
    )
