"""What the president prepares the letters with. Callers fetch the president's seat first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser

from hackathon.base.accounts.models import User
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.extras.letters.clues import Clue, clues_of
from hackathon.extras.letters.enums import TeamReads
from hackathon.extras.letters.models import Remark
from hackathon.extras.letters.remarks import asked_about, remarks_of
from judging.jury.readings import final_sheets
from judging.jury.selectors import criteria_of, get_president_for
from judging.models import Criterion, Juror
from teams.models import Team


class WrittenRemark(NamedTuple):
    """`clues`: what of the letter's text may betray the author."""

    remark: Remark
    clues: list[Clue]


class Cell(NamedTuple):
    """What a letter says about one criterion; nothing is expected if teams never read it."""

    criterion: Criterion
    is_expected: bool
    has_praise: bool
    has_advice: bool


@dataclass(frozen=True)
class TeamLetter:
    """`readers`: jurors with a finished sheet, who can write."""

    team: Team
    cells: list[Cell]
    readers: list[Juror]
    remarks: list[WrittenRemark]

    @property
    def lacks_advice(self) -> bool:
        expected = [cell for cell in self.cells if cell.is_expected]
        return bool(expected) and not any(cell.has_advice for cell in expected)

    @property
    def lacks(self) -> bool:
        expected = [cell for cell in self.cells if cell.is_expected]
        return self.lacks_advice or not all(c.has_praise or c.has_advice for c in expected)


@dataclass(frozen=True)
class Letters:
    criteria: list[Criterion]
    teams: list[TeamLetter]
    are_out: bool

    @property
    def pointed(self) -> list[tuple[Team, WrittenRemark]]:
        return [(line.team, w) for line in self.teams for w in line.remarks if w.clues]

    @property
    def lacking(self) -> list[TeamLetter]:
        return [line for line in self.teams if line.lacks and line.readers]


def letters_of(department: Department, *, at: datetime) -> Letters:
    """A fixed number of queries."""
    sheets = list(final_sheets(department))
    remarks, criteria = remarks_of(sheets), criteria_of(department)
    asked = asked_about(criteria)
    expected = {pk for pk, line in asked.items() if line.team_reads != TeamReads.NEVER}
    jury = list(Juror.objects.filter(department=department).values_list("user__name", flat=True))
    readers = defaultdict(list)
    for sheet in sheets:
        readers[sheet.team_id].append(sheet.juror)
    names = (department.name, department.code)

    def written(remark: Remark) -> WrittenRemark:
        text = f"{remark.letter_praise}\n{remark.letter_advice}"
        return WrittenRemark(remark, clues_of(text, jury=jury, department=names))

    lines = []
    for team in Team.objects.present().filter(department=department):
        own = remarks.get(team.pk, [])
        cells = [_cell(criterion, criterion.pk in expected, own) for criterion in criteria]
        lines.append(TeamLetter(team, cells, readers[team.pk], list(map(written, own))))
    return Letters(criteria, lines, results_are_public(department, at=at))


def _cell(criterion: Criterion, is_expected: bool, remarks: list[Remark]) -> Cell:
    sent = [r for r in remarks if r.criterion_id == criterion.pk and r.goes_to_team]
    return Cell(
        criterion,
        is_expected,
        has_praise=any(remark.letter_praise for remark in sent),
        has_advice=any(remark.letter_advice for remark in sent),
    )


def get_remark_for(
    user: User | AnonymousUser, code: str, pk: int, edition: Edition | None
) -> tuple[Juror, Remark]:
    """For the president. Raises `NotFound`, also for a remark that is in no letter."""
    president = get_president_for(user, code, edition)
    counted = [sheet.pk for sheet in final_sheets(president.department)]
    remarks = Remark.objects.written().select_related("criterion", "sheet__team")
    remark = get_or_not_found(
        remarks.select_related("sheet__juror__user"), pk=pk, sheet__in=counted
    )
    return president, remark
