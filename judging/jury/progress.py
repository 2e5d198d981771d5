"""No mark is read here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from hackathon.event.editions.models import Department, Edition
from judging.enums import SheetState
from judging.jury.readings import (
    EditionReadings,
    Pair,
    count_sheets,
    readings_in,
    sheet_counts_of,
    sheet_states,
)
from judging.jury.selectors import is_locked
from judging.models import Deliberation, Juror, JuryRules
from teams.models import Team


@dataclass(frozen=True)
class JurorProgress:
    juror: Juror
    done: int
    drafts: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.done


@dataclass(frozen=True)
class JuryProgress:
    """`gone`: jurors who left. `short`: teams with fewer readers than the plan wants. `locked`: no
    mark changes any more; the jury may still have to decide about winners (`decided`).
    """

    department: Department
    jurors: list[JurorProgress]
    gone: list[JurorProgress]
    locked: bool
    decided: bool
    teams: int
    short: int

    @property
    def done(self) -> int:
        return sum(line.done for line in [*self.jurors, *self.gone])

    @property
    def total(self) -> int:
        return sum(line.total for line in [*self.jurors, *self.gone])


def progress(edition: Edition) -> list[JuryProgress]:
    """A fixed number of queries."""
    departments = list(edition.departments.all())
    jurors = list(
        Juror.objects.counted().filter(department__edition=edition).select_related("user")
    )
    teams = _teams_by_department(edition)
    locked = dict(
        Deliberation.objects.nominated()
        .filter(department__edition=edition)
        .values_list("department_id", "locked_at")
    )
    states = sheet_states(Q(team__edition=edition))
    readings = readings_in(edition, jurors, teams)
    lines = _lines(jurors, readings.read, states)
    short = _short(edition, jurors, teams, readings, states)
    return [
        JuryProgress(
            department=department,
            jurors=[line for line in lines[department.pk] if line.juror.left_at is None],
            gone=[line for line in lines[department.pk] if line.juror.left_at and line.done],
            locked=department.pk in locked,
            decided=locked.get(department.pk) is not None,
            teams=len(teams[department.pk]),
            short=short.get(department.pk, 0),
        )
        for department in departments
    ]


def progress_of(department: Department) -> JuryProgress:
    return next(p for p in progress(department.edition) if p.department.pk == department.pk)


def sheets_left_of(juror: Juror) -> int:
    """How many the juror can still finish."""
    if is_locked(juror.department):
        return 0
    counts = sheet_counts_of(juror)
    return counts.total - counts.done


def _lines(
    jurors: Iterable[Juror], read: Mapping[int, set[int]], states: Mapping[Pair, str]
) -> dict[int, list[JurorProgress]]:
    """Jurors who left have no open sheets: their total is what they finished."""
    lines: dict[int, list[JurorProgress]] = defaultdict(list)
    for juror in jurors:
        counts = count_sheets(juror.pk, read[juror.pk], states)
        gone = juror.left_at is not None
        line = JurorProgress(
            juror=juror,
            done=counts.done,
            drafts=0 if gone else counts.drafts,
            total=counts.done if gone else counts.total,
        )
        lines[juror.department_id].append(line)
    return lines


def _short(
    edition: Edition,
    jurors: Iterable[Juror],
    teams: Mapping[int, list[int]],
    readings: EditionReadings,
    states: Mapping[Pair, str],
) -> dict[int, int]:
    rows = JuryRules.objects.filter(department__edition=edition)
    wanted = dict(rows.values_list("department_id", "readings"))
    readers = Counter(
        team
        for juror in jurors
        for team in readings.read[juror.pk]
        if (juror.pk, team) not in readings.seconds
        and (juror.left_at is None or states.get((juror.pk, team)) == SheetState.FINAL)
    )
    usual = JuryRules._meta.get_field("readings").default
    return {
        department: sum(readers[team] < wanted.get(department, usual) for team in teams[department])
        for department in readings.planned
    }


def _teams_by_department(edition: Edition) -> dict[int, list[int]]:
    teams: dict[int, list[int]] = defaultdict(list)
    rows = Team.objects.present().filter(edition=edition).order_by("pk")
    for department, pk in rows.values_list("department_id", "pk"):
        teams[department].append(pk)
    return teams
